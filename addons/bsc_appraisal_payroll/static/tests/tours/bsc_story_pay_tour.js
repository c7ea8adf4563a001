import { registry } from "@web/core/registry";
import {
    PATIENCE,
    confirmDialog,
    isIn,
    openRow,
    press,
    shows,
} from "@bsc_appraisal/../tests/tours/bsc_tour_helpers";

// What follows the quarter of Sales: plan, raises, payslip, promotion, next budget.
const tours = registry.category("web_tour.tours");

const openBatch = openRow("Raises Sales", "name");

// The officer finds a poor result without a consequence and plans what follows.
tours.add("bsc_story_plans_development", {
    url: "/odoo/consequence-check",
    steps: () => [
        {
            content: "Plan the development of Xu Ting: nothing follows her result yet",
            trigger:
                ".o_data_row:contains(Xu Ting):contains(None Yet) button[name=action_plan_development]",
            timeout: PATIENCE,
            run: "click",
        },
        shows(
            "The plan warns of the poor result",
            ".alert:contains(No promotion before)",
        ),
        {
            content: "Add a step",
            trigger:
                ".o_field_x2many_list_row_add button, .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_selected_row td[name=name] input",
            run: "edit Customer requests course",
        },
        press("action_agree"),
        shows(
            "The company agreed; now the employee has to",
            ".o_field_widget[name=manager_agreed_id]:contains(Sun Li)",
        ),
    ],
});
tours.add("bsc_story_agrees_on_plan", {
    steps: () => [press("action_agree"), isIn("Agreed")],
});
tours.add("bsc_story_finishes_plan", {
    steps: () => [press("action_finish"), isIn("Finished")],
});

// An HR manager simulates, looks at the reasons and submits.
tours.add("bsc_story_simulates_raises", {
    url: "/odoo/performance-raises",
    steps: () => [
        openBatch,
        press("action_simulate"),
        isIn("Simulated"),
        shows(
            "The cost is the pool, to the cent",
            ".o_field_widget[name=amount_cost]:contains(14,630.00)",
        ),
        shows(
            "What passes the maximum of the range is paid once, with the reason",
            ".o_data_row:contains(Wang Fang):contains(861.08) td[name=explanation]:contains(paid once)",
        ),
        press("action_submit"),
        isIn("Submitted"),
        shows(
            "Nobody approves his own batch",
            ".o_statusbar_buttons:not(:has(button[name=action_approve]:visible))",
        ),
    ],
});

// Another HR manager approves.
tours.add("bsc_story_approves_raises", {
    url: "/odoo/performance-raises",
    steps: () => [openBatch, press("action_approve"), isIn("Approved")],
});

// The first one applies and looks at the new wage.
tours.add("bsc_story_applies_raises", {
    url: "/odoo/performance-raises",
    steps: () => [
        openBatch,
        press("action_apply"),
        confirmDialog,
        isIn("Applied"),
        {
            content: "Open the people",
            trigger: ".oe_stat_button[name=action_open_lines]",
            run: "click",
        },
        {
            content: "Open the department",
            trigger: ".o_group_header:contains(Sales)",
            run: "click",
        },
        openRow("Li Na", "rating_id"),
        shows(
            "The version that was written",
            ".o_form_view .o_field_widget[name=version_id]",
        ),
        shows("The new wage", ".o_field_widget[name=wage_new]:contains(11,514.78)"),
    ],
});

// HR sees the raise on the timeline of the employee.
tours.add("bsc_story_sees_raise", {
    steps: () => [
        {
            content: "Open the version of February",
            trigger: ".o_field_widget[name=version_id] button:contains(Feb 1)",
            timeout: PATIENCE,
            run: "click",
        },
        {
            content: "Look at the pay",
            trigger: ".nav-link[name=payroll_information]",
            run: "click",
        },
        shows("The new wage", ".o_field_widget[name=wage] input:value(11,514.78)"),
    ],
});

// Payroll computes the slip of February: wage, and 440.00 for meals.
tours.add("bsc_story_computes_payslip", {
    steps: () => [
        press("compute_sheet"),
        {
            content: "Look at what was computed",
            trigger: ".nav-link[name=computation]",
            run: "click",
        },
        shows(
            "The raised wage is the base",
            ".o_field_widget[name=dynamic_filtered_payslip_lines] .o_data_row:contains(BASIC):contains(11,514.78)",
        ),
        shows(
            "And part of the gross pay",
            ".o_field_widget[name=dynamic_filtered_payslip_lines] .o_data_row:contains(GROSS):contains(11,954.78)",
        ),
    ],
});

// The officer looks again who may be promoted, proposes and submits.
tours.add("bsc_story_proposes_promotion", {
    steps: () => [
        press("action_compute"),
        {
            content: "Xu Ting may be promoted now",
            trigger:
                ".o_data_row:contains(Xu Ting) button[name=action_propose]:visible",
            run: "click",
        },
        press("action_submit"),
        isIn("Submitted"),
    ],
});

// The manager approves a promotion, and applies it once everybody decided.
tours.add("bsc_story_approves_promotion", {
    url: "/odoo/promotions",
    steps: () => [
        openRow("Xu Ting", "job_id"),
        shows(
            "Every condition is met",
            ".o_field_widget[name=explanation]:contains(better)",
        ),
        press("action_approve"),
        shows(
            "The next level decides",
            ".o_field_widget[name=waiting_for]:contains(Liu Yang)",
        ),
    ],
});
tours.add("bsc_story_agrees_to_promotion", {
    steps: () => [press("action_approve"), isIn("Approved")],
});
tours.add("bsc_story_applies_promotion", {
    url: "/odoo/promotions",
    steps: () => [
        openRow("Xu Ting", "job_id"),
        press("action_apply"),
        confirmDialog,
        isIn("Applied"),
    ],
});

// Finance takes the recommendation into the next budget.
tours.add("bsc_story_plans_next_budget", {
    steps: () => [
        press("action_add_to_round"),
        shows(
            "The proposal asks for it, on top of what the department asked for",
            ".o_form_view:contains(120,000.00):contains(12,600.00)",
        ),
    ],
});
