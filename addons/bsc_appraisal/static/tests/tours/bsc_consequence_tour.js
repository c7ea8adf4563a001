import { registry } from "@web/core/registry";
import {
    confirmDialog,
    isIn,
    openRow,
} from "@bsc_appraisal/../tests/tours/bsc_tour_helpers";

const tours = registry.category("web_tour.tours");

// The officer finds a poor result without a consequence and plans what follows.
tours.add("bsc_officer_plans_development", {
    url: "/odoo/consequence-check",
    steps: () => [
        {
            content: "Bert's result has no consequence yet",
            trigger: ".o_data_row:contains(Bert):contains(None Yet)",
        },
        {
            content: "Plan her development",
            trigger: ".o_data_row:contains(Bert) button[name=action_plan_development]",
            run: "click",
        },
        {
            content: "The plan warns of the poor result",
            trigger: ".alert:contains(No promotion before)",
        },
        {
            content: "Add a step",
            trigger: ".o_field_x2many_list_row_add button, .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_selected_row td[name=name] input",
            run: "edit Loom course",
        },
        {
            content: "Agree for the company",
            trigger: "button[name=action_agree]:visible",
            run: "click",
        },
        {
            content: "The company agreed; now the employee has to",
            trigger: ".o_field_widget[name=manager_agreed_id]:contains(bsc_officer)",
        },
    ],
});

// The manager approves a promotion, and applies it once everybody decided.
tours.add("bsc_manager_approves_promotion", {
    url: "/odoo/promotions",
    steps: () => [
        openRow("Bert", "job_id"),
        {
            content: "Every condition is met",
            trigger: ".o_field_widget[name=explanation]:contains(better)",
        },
        {
            content: "Approve",
            trigger: "button[name=action_approve]:visible",
            run: "click",
        },
        {
            content: "The next level decides",
            trigger: ".o_field_widget[name=waiting_for]:contains(bsc_cfo)",
        },
    ],
});
tours.add("bsc_manager_applies_promotion", {
    url: "/odoo/promotions",
    steps: () => [
        openRow("Bert", "job_id"),
        {
            content: "Apply it",
            trigger: "button[name=action_apply]:visible",
            run: "click",
        },
        confirmDialog,
        isIn("Applied"),
    ],
});

// Finance turns a recommendation into a draft adjustment.
tours.add("bsc_finance_follows_recommendation", {
    url: "/odoo/next-budget",
    steps: () => [
        openRow("Spinning", "department_id"),
        {
            content: "It says why",
            trigger: ".o_field_widget[name=justification]:contains(Spinning scored 106.00)",
        },
        {
            content: "Draft the adjustment",
            trigger: "button[name=action_create_adjustment]:visible",
            run: "click",
        },
        {
            content: "A draft for people to decide on",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Draft)",
        },
        {
            content: "With the reason in it",
            trigger: ".o_field_widget[name=reason] textarea:value(scored 106.00)",
        },
    ],
});
