import { registry } from "@web/core/registry";
import { addTour } from "@budget_performance/../tests/tours/budget_performance_claim_steps";

const tours = registry.category("web_tour.tours");
const nameField =
    ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea";

tours.add("budget_performance_claim_adjusted", {
    steps: () => [
        {
            content: "Say what it was for",
            trigger: nameField,
            run: "edit Visit of all distributors",
        },
        {
            content: "Look for the category",
            trigger: ".o_field_widget[name=product_id] input",
            run: "edit Budgeted Travel",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Budgeted Travel) a",
            run: "click",
        },
        {
            content: "Type the amount",
            trigger: ".o_field_widget[name=total_amount_currency] input",
            run: "edit 35000",
        },
        { content: "Leave the amount", trigger: nameField, run: "click" },
        {
            content: "The hint is there before anything was saved",
            trigger: ".alert-danger:contains(105 %)",
        },
        {
            content: "Submit",
            trigger: "button[name=action_submit]:visible",
            run: "click",
        },
        {
            content: "Ask for the money that is missing",
            trigger: ".modal footer button[name=action_adjust]",
            run: "click",
        },
        {
            content: "The shortfall stands there",
            trigger:
                "body:not(:has(.modal)) .o_form_view" +
                " .o_field_widget[name=line_ids] .o_data_row:contains(5,000.00)",
        },
        {
            content: "Say why",
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit All distributors meet in one week",
        },
        {
            content: "Submit the adjustment",
            trigger: ".o_statusbar_buttons button[name=action_submit]",
            run: "click",
        },
        {
            content: "It waits for the owner",
            trigger:
                ".o_form_view:has(.o_arrow_button_current:contains(Submitted))" +
                " .alert-info:contains(budget_ui_owner)",
        },
    ],
});

addTour("budget_performance_adjustment_approved", () => [
    {
        content: "Look at what changes",
        trigger: ".o_field_widget[name=line_ids] .o_data_row",
    },
    {
        content: "Approve",
        trigger: ".o_statusbar_buttons button[name=action_approve]",
        run: "click",
    },
    {
        content: "There is nothing left for me to decide",
        trigger: ".o_form_view:not(:has(button[name=action_approve]:visible))",
    },
]);
