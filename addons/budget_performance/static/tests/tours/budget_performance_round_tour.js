import {
    addTour,
    choose,
} from "@budget_performance/../tests/tours/budget_performance_claim_steps";

const button = (name) => `.o_statusbar_buttons button[name=${name}]:visible`;
const state = (name) => `.o_form_view .o_arrow_button_current:contains(${name})`;
const lines = ".o_field_widget[name=line_ids]";
const cell = (name) => `${lines} .o_selected_row .o_field_widget[name=${name}]`;

const submit = [
    { content: "Submit", trigger: button("action_submit"), run: "click" },
    { content: "It is with finance", trigger: state("Submitted") },
];

/** Type a new line of the proposal that is open. */
function propose(position, purpose, amount) {
    return [
        {
            content: "Add a line",
            trigger: `${lines} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...choose(cell("position_id"), position),
        {
            content: "Say what it serves",
            trigger: `${cell("justification")} textarea, ${cell("justification")} input`,
            run: `edit ${purpose}`,
        },
        {
            content: "Ask for an amount",
            trigger: `${cell("amount")} input`,
            run: `edit ${amount}`,
        },
    ];
}

/** Ask for less than in the iteration that was sent back. */
function resubmit(reason, position, amount) {
    return [
        {
            content: "Read why it came back",
            trigger: `.alert-warning:contains(${reason})`,
        },
        {
            content: "Change the amount",
            trigger: `${lines} .o_data_row:contains(${position}) td[name=amount]`,
            run: "click",
        },
        {
            content: "Ask for less",
            trigger: `${cell("amount")} input`,
            run: `edit ${amount}`,
        },
        ...submit,
    ];
}

addTour("budget_performance_round_send_back", () => [
    {
        content: "Send it back",
        trigger: button("action_return"),
        run: "click",
    },
    {
        content: "Say why",
        trigger: ".modal .o_field_widget[name=reason] textarea",
        run: "edit One field test less",
    },
    {
        content: "Confirm",
        trigger: ".modal footer button[name=action_confirm]",
        run: "click",
    },
    {
        content: "The next iteration is open, with the reason",
        trigger:
            "body:not(:has(.modal)) .o_form_view:has(.o_arrow_button_current:contains(To Propose))" +
            " .alert-warning:contains(One field test less)",
    },
]);

addTour("budget_performance_round_resubmit_research", () =>
    resubmit("One field test less", "Travel", "50000"),
);

addTour("budget_performance_round_resubmit_sales", () =>
    resubmit("35,000 above the frame", "Marketing", "175000"),
);

addTour("budget_performance_round_reserve", () => [
    ...propose("Travel 差旅费", "Rush orders", "28000"),
    {
        content: "It is kept for emergencies",
        trigger: `${cell("is_reserve")} input`,
        run: "check",
    },
    ...submit,
    {
        content: "It stands there as reserve",
        trigger:
            ".o_form_view .o_field_widget[name=amount_reserve]:contains(28,000.00)",
    },
]);

addTour("budget_performance_round_propose", () => [
    ...propose("Office Supplies 办公费", "Drawing boards", "9000"),
    ...submit,
]);

addTour("budget_performance_round_submit", () => submit);

addTour("budget_performance_round_request", () => [
    {
        content: "Look at what was proposed",
        trigger: ".o_form_view button[name=action_open_proposals]",
        run: "click",
    },
    {
        content: "Choose all of it",
        trigger:
            ".o_list_view:has(.o_data_row:contains(Submitted))" +
            " thead .o_list_record_selector input",
        run: "click",
    },
    {
        content: "Accept it",
        trigger: ".o_control_panel button[name=action_accept]:visible",
        run: "click",
    },
    {
        content: "All is accepted",
        trigger:
            ".o_list_view:has(.o_data_row:contains(Accepted))" +
            ":not(:has(.o_data_row:contains(Submitted)))",
    },
    {
        content: "Back to the round",
        trigger: ".o_control_panel .breadcrumb-item.o_back_button a",
        run: "click",
    },
    {
        content: "Consolidate",
        trigger: button("action_consolidate"),
        run: "click",
    },
    {
        content: "Give it to the levels",
        trigger: button("action_request"),
        run: "click",
    },
    {
        content: "It waits for others",
        trigger: ".o_form_view .alert-info:contains(Deng Jie)",
    },
]);

addTour("budget_performance_round_approve", () => [
    {
        content: "Approve",
        trigger: button("action_approve"),
        run: "click",
    },
    {
        content: "There is nothing left for me to decide",
        trigger: ".o_form_view:not(:has(button[name=action_approve]:visible))",
    },
]);

addTour("budget_performance_round_agreed", () => [
    {
        content: "Approve as the last one",
        trigger: button("action_approve"),
        run: "click",
    },
    {
        content: "Open the budget that was made",
        trigger: "button[name=action_open_document]:visible",
        run: "click",
    },
    {
        content: "It is in force",
        trigger:
            ".o_form_view:has(.o_field_widget[name=round_id])" +
            " .o_arrow_button_current:contains(Approved)",
    },
]);
