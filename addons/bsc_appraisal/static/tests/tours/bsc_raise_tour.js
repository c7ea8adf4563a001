import { registry } from "@web/core/registry";
import {
    confirmDialog,
    isIn,
    openRow,
    press,
} from "@bsc_appraisal/../tests/tours/bsc_tour_helpers";

const tours = registry.category("web_tour.tours");

const openBatch = openRow("Tour raises", "name");

// An HR manager simulates, looks at the reasons and submits.
tours.add("bsc_raise_simulates", {
    url: "/odoo/performance-raises",
    steps: () => [
        openBatch,
        press("action_simulate"),
        isIn("Simulated"),
        {
            content: "The cost is the pool, to the cent",
            trigger: ".o_field_widget[name=amount_cost]:contains(1,234.56)",
        },
        {
            content: "Who is rated poor gets nothing, with the reason",
            trigger: ".o_data_row:contains(Bert):contains(0.00) td[name=explanation]",
        },
        press("action_submit"),
        isIn("Submitted"),
        {
            content: "Nobody approves his own batch",
            trigger:
                ".o_statusbar_buttons:not(:has(button[name=action_approve]:visible))",
        },
    ],
});

// Another HR manager approves.
tours.add("bsc_raise_approves", {
    url: "/odoo/performance-raises",
    steps: () => [openBatch, press("action_approve"), isIn("Approved")],
});

// The first one applies and looks at the new wage.
tours.add("bsc_raise_applies", {
    url: "/odoo/performance-raises",
    steps: () => [
        openBatch,
        press("action_apply"),
        confirmDialog,
        isIn("Applied"),
        {
            content: "Open a person",
            trigger: ".oe_stat_button[name=action_open_lines]",
            run: "click",
        },
        {
            content: "Open the department",
            trigger: ".o_group_header:contains(Spinning)",
            run: "click",
        },
        openRow("Anna", "rating_id"),
        {
            content: "The version that was written",
            trigger: ".o_form_view .o_field_widget[name=version_id]",
        },
        {
            content: "The new wage",
            trigger: ".o_field_widget[name=wage_new]:contains(10,363.11)",
        },
    ],
});
