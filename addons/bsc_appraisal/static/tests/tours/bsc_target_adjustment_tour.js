import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openTab = (name) => ({
    content: `Look at ${name}`,
    trigger: `.o_form_view .o_notebook_headers .nav-link[name=${name}]`,
    run: "click",
});

const addLeg = (line, amount) => [
    {
        content: "Add a line of the budget",
        trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a",
        run: "click",
    },
    {
        content: `Look for ${line}`,
        trigger: ".o_selected_row .o_field_widget[name=line_id] input",
        run: `edit ${line}`,
    },
    {
        content: `Choose ${line}`,
        trigger: `.o-autocomplete--dropdown-item:not(:has(.o_loading)) > a:contains(${line})`,
        run: "click",
    },
    {
        content: "So much more",
        trigger: ".o_selected_row .o_field_widget[name=amount] input",
        run: `edit ${amount}`,
    },
    {
        content: "Leave the line",
        trigger: ".o_field_widget[name=reason] textarea",
        run: "click",
    },
    {
        content: "It stands there",
        trigger: `.o_field_widget[name=line_ids] .o_data_row:not(.o_selected_row):contains(${line})`,
    },
];

// Far beyond what is possible alone, and so asked for together with the money.
tours.add("bsc_owner_asks_with_money", {
    steps: () => [
        {
            content: "Ask for another target",
            trigger: ".o_data_row:contains(INC) button[name=action_request_change]",
            run: "click",
        },
        {
            content: "Half as much again",
            trigger: ".modal .o_field_widget[name=value] input",
            run: "edit 150",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit All fairs instead of one",
        },
        {
            content: "Request it",
            trigger: ".modal footer .o_form_button_save",
            run: "click",
        },
        {
            content: "Too much for what there is, and the way that leads on",
            trigger:
                ".modal:contains(36.4 % above what was assessed) button:contains(Ask with the Money)",
            run: "click",
        },
        {
            content: "An adjustment of the budget, with the reason",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=reason] textarea:value(All fairs)",
        },
        ...addLeg("Travel", 300),
        ...addLeg("Hotel", 300),
        openTab("targets"),
        {
            content: "The target came along",
            trigger: ".o_field_widget[name=target_ids] .o_data_row:contains(150) .o_data_cell",
            run: "click",
        },
        {
            content: "Say what the money makes possible",
            trigger: ".modal .o_field_widget[name=capacity] input",
            run: "edit 140",
        },
        {
            content: "Take it",
            trigger: ".modal footer .o_form_button_save",
            run: "click",
        },
        {
            content: "Before and after, with what is possible",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=target_ids]" +
                " .o_data_row:contains(100 (possible: 110)):contains(150 (possible: 140))",
        },
        {
            content: "Submit",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "It waits for those who decide",
            trigger: ".o_form_view:has(.o_arrow_button_current:contains(Submitted)) .alert-info",
        },
    ],
});

// One approval, two effects.
tours.add("bsc_money_and_target_approved", {
    steps: () => [
        openTab("targets"),
        {
            content: "What is asked of people for the money",
            trigger: ".o_field_widget[name=target_ids] .o_data_row:contains(150 (possible: 140))",
        },
        {
            content: "Approve",
            trigger: ".o_statusbar_buttons button[name=action_approve]",
            run: "click",
        },
        {
            content: "It is applied",
            trigger: ".o_form_view:has(.o_arrow_button_current:contains(Applied))",
            timeout: 60000, // the plan, the balances and the target change in one step
        },
        openTab("changes"),
        {
            content: "The months of the budget that changed",
            trigger: ".o_field_widget[name=change_ids] .o_data_row:contains(Hotel)",
        },
    ],
});

// The history of the target tells when it changed, and what was possible.
tours.add("bsc_owner_sees_history", {
    steps: () => [
        {
            content: "Open the line",
            trigger: ".o_data_row:contains(INC) td[name=indicator_id]",
            run: "click",
        },
        {
            content: "The first target and the one that came with the money",
            trigger:
                ".o_field_widget[name=target_ids]:has(.o_data_row:contains(100.00))" +
                ":has(.o_data_row:contains(150.00):contains(140.00):contains(All fairs))",
        },
    ],
});
