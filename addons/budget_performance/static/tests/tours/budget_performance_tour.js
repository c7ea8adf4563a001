import { registry } from "@web/core/registry";
import {
    choose,
    submit,
    typeClaim,
} from "@budget_performance/../tests/tours/budget_performance_claim_steps";

const tours = registry.category("web_tour.tours");

const isDraft = {
    content: "The claim is a draft still",
    trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains(Draft)",
};

const backToClaim = [
    {
        content: "Go back to the claim",
        trigger: ".modal footer button:contains(Go Back)",
        run: "click",
    },
    isDraft,
];

tours.add("budget_performance_claim_passes", {
    steps: () => [
        ...typeClaim(
            "Visit in Wuhan",
            "Budgeted Travel",
            "9000",
            ".alert-info:contains(79 %):contains(9,000)"
        ),
        submit,
        {
            content: "It is submitted",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Submitted)",
        },
    ],
});

tours.add("budget_performance_claim_held", {
    steps: () => [
        ...typeClaim(
            "Fair in Guangzhou",
            "Budgeted Travel",
            "15000",
            ".alert-warning:contains(85 %):contains(15,000)"
        ),
        submit,
        {
            content: "The dialog names line, limit, left and requested",
            trigger:
                ".modal:has(.modal-title:contains(Held by the Budget))" +
                ":contains(80,000):contains(30,000):contains(15,000)" +
                " .o_kanban_record:contains(Budgeted Travel):contains(85 %)",
        },
        {
            content: "And a way out",
            trigger: ".modal footer .btn-primary:visible",
        },
        ...backToClaim,
    ],
});

tours.add("budget_performance_claim_blocked", {
    steps: () => [
        ...typeClaim(
            "Tour of distributors",
            "Budgeted Travel",
            "35000",
            ".alert-danger:contains(105 %):contains(35,000)"
        ),
        submit,
        {
            content: "The dialog says that the plan is exceeded",
            trigger:
                ".modal:has(.modal-title:contains(Blocked by the Budget))" +
                ":contains(100,000):contains(30,000):contains(35,000)" +
                " .o_kanban_record:contains(105 %)",
        },
        ...backToClaim,
    ],
});

tours.add("budget_performance_claim_not_in_budget", {
    steps: () => [
        ...typeClaim("Cards", "Unplanned Gifts", "500", ".alert-danger:contains(not in the budget)"),
        submit,
        {
            content: "The dialog says that no line covers it",
            trigger:
                ".modal:has(.modal-title:contains(Blocked by the Budget))" +
                " .o_kanban_record:contains(no approved budget line)",
        },
        ...backToClaim,
    ],
});

const linesField = ".o_field_widget[name=line_ids]";

tours.add("budget_performance_budget_approved", {
    steps: () => [
        {
            content: "Name the budget",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Budget of the tour",
        },
        {
            content: "Add a line",
            trigger: `${linesField} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...choose(`${linesField} .o_selected_row [name=position_id]`, "Budgeted Training"),
        {
            content: "Plan an amount",
            trigger: `${linesField} .o_selected_row [name=amount_planned] input`,
            run: "edit 6000",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "The amount is kept",
            trigger: `.o_form_saved ${linesField} .o_data_row [name=amount_planned]:contains(6,000.00)`,
        },
        {
            content: "Change what it plans",
            trigger: `${linesField} .o_data_row [name=amount_planned]`,
            run: "click",
        },
        {
            content: "Plan more",
            trigger: `${linesField} .o_selected_row [name=amount_planned] input`,
            run: "edit 12000",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "The new amount is kept and counted",
            trigger: ".o_form_saved .o_inner_group .o_field_widget[name=amount_planned]:contains(12,000.00)",
        },
        { content: "Submit", trigger: "button[name=action_submit]", run: "click" },
        { content: "Approve", trigger: "button[name=action_approve]", run: "click" },
        {
            content: "It is in force and its lines are closed for editing",
            trigger:
                ".o_form_view:has(.o_arrow_button_current:contains(Approved))" +
                ` ${linesField}:not(:has(.o_field_x2many_list_row_add))`,
        },
    ],
});

const noEditing =
    ":not(:has(.o_form_button_create, .o_list_button_add, .o-kanban-button-new, .o_form_button_save))";

tours.add("budget_performance_auditor_reads", {
    steps: () => [
        {
            content: "Open the line; nothing can be created here",
            trigger: `body${noEditing} .o_list_view .o_data_row:contains(70,000) td[name=position_id]`,
            run: "click",
        },
        {
            content: "The line cannot be edited",
            trigger: `body${noEditing} .o_form_view:not(:has(.o_field_widget[name=owner_id] input))`,
        },
        {
            content: "Go to the entries behind the figure",
            trigger: "button[name=action_open_entries]",
            run: "click",
        },
        {
            content: "Open the claim behind the entry",
            trigger: `body${noEditing} .o_data_row:contains(Claim of before) button[name=action_open_document]`,
            run: "click",
        },
        {
            content: "The claim is there, without any button to move it",
            trigger:
                ".o_form_view:has(.o_field_widget[name=name]:contains(Claim of before))" +
                ":not(:has(button[name=action_submit]:visible, button[name=action_approve]:visible," +
                " button[name=action_refuse]:visible, button[name=action_reset]:visible))" +
                ":not(:has(.o_field_widget[name=name] input))",
        },
    ],
});

tours.add("budget_performance_bill_held", {
    steps: () => [
        {
            content: "The draft says what the budget thinks of it",
            trigger: ".o_form_view .alert-warning:contains(85 %)",
        },
        {
            content: "Confirm",
            trigger: "button[name=action_post]:visible",
            run: "click",
        },
        {
            content: "The dialog asks for a reason",
            trigger: ".modal:contains(Held by the Budget) [name=reason] textarea",
            run: "edit The fair was moved to this month",
        },
        {
            content: "Ask",
            trigger: ".modal footer button[name=action_request]",
            run: "click",
        },
        {
            content: "It says who decides, and that it waits",
            trigger: "body:not(:has(.modal)) .alert-info:contains(it waits for)",
        },
        {
            content: "The bill is a draft still",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Draft)",
        },
    ],
});

tours.add("budget_performance_bill_granted", {
    steps: () => [
        {
            content: "Grant the last step",
            trigger: "button[name=action_grant]",
            run: "click",
        },
        {
            content: "It is granted",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Granted)",
        },
        {
            content: "Look at the bill",
            trigger: "button[name=action_open_document]",
            run: "click",
        },
        {
            content: "It has posted itself",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
        },
        {
            content: "And says why",
            trigger: ".o-mail-Message-body:contains(Authorisation granted by)",
        },
    ],
});
