import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const button = (name) => `.o_statusbar_buttons button[name=${name}]:visible`;
const lines = ".o_field_widget[name=line_ids]";
const cell = (name) => `${lines} .o_selected_row .o_field_widget[name=${name}]`;

tours.add("budget_performance_round_open", {
    steps: () => [
        {
            content: "Ask the departments",
            trigger: button("action_open"),
            run: "click",
        },
        {
            content: "The round is open",
            trigger: `.o_form_view:has(${button("action_consolidate")})`,
        },
    ],
});

tours.add("budget_performance_round_propose", {
    steps: () => [
        {
            content: "Add a line",
            trigger: `${lines} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "Look for the position",
            trigger: `${cell("position_id")} input`,
            run: "edit Round Travel",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Round Travel) a",
            run: "click",
        },
        {
            content: "Say what it serves",
            trigger: `${cell("justification")} textarea, ${cell("justification")} input`,
            run: "edit Visits of the largest customers",
        },
        {
            content: "Ask for an amount",
            trigger: `${cell("amount")} input`,
            run: "edit 13000",
        },
        {
            content: "Submit",
            trigger: button("action_submit"),
            run: "click",
        },
        {
            content: "It is with finance",
            trigger:
                ".o_form_view:has(.o_arrow_button_current:contains(Submitted))" +
                " .o_field_widget[name=amount_difference]:contains(3,000.00)",
        },
    ],
});

tours.add("budget_performance_round_send_back", {
    steps: () => [
        {
            content: "Send it back",
            trigger: button("action_return"),
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Stay within the frame",
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
                " .alert-warning:contains(Stay within the frame)",
        },
    ],
});

tours.add("budget_performance_round_resubmit", {
    steps: () => [
        {
            content: "Read why it came back",
            trigger: ".alert-warning:contains(Stay within the frame)",
        },
        {
            content: "Change the amount",
            trigger: `${lines} .o_data_row:contains(Round Travel) td[name=amount]`,
            run: "click",
        },
        {
            content: "Ask for less",
            trigger: `${cell("amount")} input`,
            run: "edit 10000",
        },
        {
            content: "Submit again",
            trigger: button("action_submit"),
            run: "click",
        },
        {
            content: "It is with finance",
            trigger: ".o_form_view:has(.o_arrow_button_current:contains(Submitted))",
        },
    ],
});

tours.add("budget_performance_round_accept", {
    steps: () => [
        {
            content: "Accept",
            trigger: button("action_accept"),
            run: "click",
        },
        {
            content: "It is accepted",
            trigger: ".o_form_view:has(.o_arrow_button_current:contains(Accepted))",
        },
    ],
});

tours.add("budget_performance_round_request", {
    steps: () => [
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
            trigger: ".o_form_view .alert-info:contains(budget_second)",
        },
    ],
});

tours.add("budget_performance_round_approve", {
    steps: () => [
        {
            content: "Approve",
            trigger: button("action_approve"),
            run: "click",
        },
        {
            content: "There is nothing left for me to decide",
            trigger: ".o_form_view:not(:has(button[name=action_approve]:visible))",
        },
    ],
});

tours.add("budget_performance_round_agreed", {
    steps: () => [
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
    ],
});
