// Steps that several tours take. The first step waits for a page to load: that takes long
// where several test runs share a machine.
const PATIENCE = 45000;

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
    run: "click",
};

export const dialogIsClosed = {
    content: "The dialog is closed",
    trigger: "body:not(:has(.modal)) .o_action_manager",
};

export const isIn = (state) => ({
    content: `It is ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${state})`,
});

export const type = (name, text) => ({
    content: `Type ${name}`,
    trigger: `.o_field_widget[name=${name}] :is(input, textarea)`,
    run: `edit ${text}`,
});

export const choose = (name, text) => [
    type(name, text),
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
        run: "click",
    },
];
