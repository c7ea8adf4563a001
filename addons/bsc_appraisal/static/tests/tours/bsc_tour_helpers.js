// Steps that several tours take. What waits for a page or for the server may take long
// where several test runs share a machine.
export const PATIENCE = 45000;

export const openRow = (text, column) => ({
    content: `Open ${text}`,
    trigger: `.o_data_row:contains(${text}) td[name=${column}]`,
    timeout: PATIENCE,
    run: "click",
});

export const openCard = (text) => ({
    content: `Open the card of ${text}`,
    trigger: `.o_kanban_record:contains(${text})`,
    timeout: PATIENCE,
    run: "click",
});

export const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button[name=${name}]:enabled:visible`,
    timeout: PATIENCE,
    run: "click",
});

export const confirmDialog = {
    content: "Confirm",
    trigger: ".modal-footer .btn-primary",
    timeout: PATIENCE,
    run: "click",
};

export const dialogIsClosed = {
    content: "The dialog is closed",
    trigger: "body:not(:has(.modal)) .o_action_manager",
    timeout: PATIENCE,
};

export const isIn = (state) => ({
    content: `It is ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${state})`,
    timeout: PATIENCE,
});

export const type = (name, text) => ({
    content: `Type ${name}`,
    trigger: `.o_field_widget[name=${name}] :is(input, textarea)`,
    timeout: PATIENCE,
    run: `edit ${text}`,
});

export const choose = (name, text) => [
    type(name, text),
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
        timeout: PATIENCE,
        run: "click",
    },
];

// What the server has answered with.
export const shows = (content, trigger) => ({ content, trigger, timeout: PATIENCE });
