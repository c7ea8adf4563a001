import {
    addTour,
    choose,
    submit,
    typeClaim,
} from "@budget_performance/../tests/tours/budget_performance_claim_steps";

const button = (name) => `.o_statusbar_buttons button[name=${name}]:visible`;
const state = (name) => `.o_form_view .o_arrow_button_current:contains(${name})`;
const lines = ".o_field_widget[name=line_ids]";
const cell = (name) => `${lines} .o_selected_row .o_field_widget[name=${name}]`;
// The row after the one that was left, so that nothing is typed into that one.
const second = (name) =>
    `${lines} .o_data_row:contains(7,000.00) ~ .o_selected_row .o_field_widget[name=${name}]`;
const page = (name) => ({
    content: `Turn to ${name}`,
    trigger: `.o_notebook .nav-link[name=${name}]`,
    run: "click",
});

const isSubmitted = { content: "It is submitted", trigger: state("Submitted") };

addTour("budget_performance_year_claim_passes", () => [
    ...typeClaim("Fair in Hanoi", "Travel 差旅", "34500", ".alert-info:contains(30 %)"),
    submit,
    isSubmitted,
]);

addTour("budget_performance_year_claim_late", () => [
    ...typeClaim("Winter course", "Training 培训", "3000", ".alert-info"),
    submit,
    isSubmitted,
]);

addTour("budget_performance_year_claim_approved", () => [
    { content: "Approve", trigger: button("action_approve"), run: "click" },
    { content: "It is approved", trigger: state("Approved") },
]);

addTour("budget_performance_year_claim_posted", () => [
    { content: "Book it", trigger: button("action_post"), run: "click" },
    {
        content: "With the journal that is proposed",
        trigger: ".modal footer button[name=action_post_entry]",
        run: "click",
    },
    {
        content: "The receipt is posted",
        trigger: `body:not(:has(.modal)) ${state("Posted")}`,
    },
]);

addTour("budget_performance_year_claim_blocked", () => [
    ...typeClaim(
        "All distributors",
        "Travel 差旅",
        "126500",
        ".alert-danger:contains(140 %)",
    ),
    submit,
    {
        content: "Ask for the money that is missing",
        trigger: ".modal footer button[name=action_adjust]",
        run: "click",
    },
    {
        content: "The shortfall stands there",
        trigger:
            "body:not(:has(.modal)) .o_form_view" +
            ` ${lines} .o_data_row:contains(46,000.00)`,
    },
    {
        content: "Say why",
        trigger: ".o_field_widget[name=reason] textarea",
        run: "edit All distributors meet in one week",
    },
    {
        content: "Submit the adjustment",
        trigger: button("action_submit"),
        run: "click",
    },
    {
        content: "It waits for the head of the department",
        trigger: `${state("Submitted")}`,
    },
    {
        content: "She is named",
        trigger: ".o_form_view .alert-info:contains(Wang Fang)",
    },
]);

addTour("budget_performance_year_reserve_drawn", () => [
    {
        content: "Draw on the reserve",
        trigger: ".o_field_widget[name=kind] input, .o_field_widget[name=kind] select",
        run: "click",
    },
    {
        content: "Choose the kind",
        trigger: ".o_select_menu_item:contains(Reserve draw)",
        run: "click",
    },
    {
        content: "Look for the driver",
        trigger: ".o_field_widget[name=driver] input",
        run: "click",
    },
    {
        content: "It is an emergency",
        trigger: ".o_select_menu_item:contains(Emergency)",
        run: "click",
    },
    {
        content: "Which one",
        trigger: ".o_field_widget[name=emergency] input",
        run: "click",
    },
    {
        content: "A rush order",
        trigger: ".o_select_menu_item:contains(Rush order)",
        run: "click",
    },
    {
        content: "Say why",
        trigger: ".o_field_widget[name=reason] textarea",
        run: "edit A customer needs us within a week",
    },
    {
        content: "Name the reserve",
        trigger: `${lines} .o_field_x2many_list_row_add a`,
        run: "click",
    },
    ...choose(cell("line_id"), "Travel 差旅费", "Travel 差旅费 · Reserve"),
    {
        content: "It gives",
        trigger: `${cell("amount")} input`,
        run: "edit -7000",
    },
    {
        content: "Name who gets it",
        trigger: `${lines} .o_field_x2many_list_row_add a`,
        run: "click",
    },
    ...choose(
        second("line_id"),
        "Training 培训费",
        // This year's, not the one of the budget before, which is in force, too.
        "Training 培训费 · Sales 销售部 · Budget 年度预算",
    ),
    {
        content: "It gets",
        trigger: `${second("amount")} input`,
        run: "edit 7000",
    },
    { content: "Submit", trigger: button("action_submit"), run: "click" },
    { content: "It is submitted", trigger: state("Submitted") },
]);

addTour("budget_performance_year_forecast", () => [
    {
        content: "Forecast now",
        trigger: ".o_control_panel button[name=action_refresh]:visible",
        run: "click",
    },
    {
        content: "Marketing will leave money: choose it",
        // In the new list: raw material was in the budget before only.
        trigger:
            ".o_list_view:not(:has(.o_data_row:contains(Raw Material)))" +
            " .o_data_row:contains(Marketing) .o_list_record_selector input",
        run: "click",
    },
    {
        content: "Propose to give it back",
        trigger: ".o_control_panel button[name=action_propose_adjustment]:visible",
        run: "click",
    },
    { content: "It is a draft", trigger: state("Draft") },
    {
        content: "It says why",
        trigger: `.o_form_view:has(${lines} .o_data_row:contains(Marketing))`,
    },
    {
        content: "Not now: the fairs are in autumn",
        trigger: button("action_cancel"),
        run: "click",
    },
    { content: "It is given up", trigger: state("Cancelled") },
]);

function conclude(name, field, text) {
    return [
        page(name),
        {
            content: `Write down: ${text}`,
            trigger: `.o_field_widget[name=${field}] .odoo-editor-editable`,
            run: `editor ${text}`,
        },
    ];
}

addTour("budget_performance_year_review", () => [
    ...conclude("market", "market_forecast", "Orders rise in autumn"),
    ...conclude("resources", "resource_assessment", "Two people are missing"),
    ...conclude("targets", "target_calibration", "The targets stay"),
    { content: "Close it", trigger: button("action_close"), run: "click" },
    { content: "It is done", trigger: state("Done") },
]);

const yearEnd = [
    { content: "End the year", trigger: button("action_year_end"), run: "click" },
];

addTour("budget_performance_year_prepare", () => [
    ...yearEnd,
    {
        content: "Prepare the next round",
        trigger: button("action_prepare_round"),
        run: "click",
    },
    {
        content: "Ask the departments",
        trigger: button("action_open"),
        run: "click",
    },
    {
        content: "The round of the next year is open",
        trigger: `.o_form_view:has(${button("action_consolidate")})`,
    },
]);

addTour("budget_performance_year_carry", () => [
    ...yearEnd,
    {
        content: "The open claim is marked",
        trigger: ".o_field_widget[name=document_ids] .o_data_row:contains(3,000.00)",
    },
    page("balances"),
    {
        content: "Carry a part of what the courses left",
        trigger:
            ".o_field_widget[name=balance_ids] .o_data_row:contains(Training):contains(Sales)" +
            " td[name=amount_carried]",
        run: "click",
    },
    {
        content: "This much",
        trigger:
            ".o_field_widget[name=balance_ids] .o_selected_row" +
            " .o_field_widget[name=amount_carried] input",
        run: "edit 1000",
    },
    { content: "Carry", trigger: button("action_carry"), run: "click" },
    { content: "It is a draft", trigger: state("Draft") },
    { content: "Submit it", trigger: button("action_submit"), run: "click" },
    { content: "It is submitted", trigger: state("Submitted") },
]);

addTour("budget_performance_year_close", () => [
    ...yearEnd,
    { content: "Lock it", trigger: button("action_close"), run: "click" },
    {
        content: "Yes",
        trigger: ".modal footer .btn-primary",
        run: "click",
    },
    { content: "It is closed", trigger: `body:not(:has(.modal)) ${state("Closed")}` },
]);
