import { registry } from "@web/core/registry";
import { openRow } from "@bsc_appraisal/../tests/tours/bsc_tour_helpers";

const tours = registry.category("web_tour.tours");

// Finance turns a recommendation into a draft adjustment.
tours.add("bsc_finance_follows_recommendation", {
    url: "/odoo/next-budget",
    steps: () => [
        openRow("Spinning", "department_id"),
        {
            content: "It says why",
            trigger:
                ".o_field_widget[name=justification]:contains(Spinning scored 106.00)",
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
