import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openBatch = {
    content: "Open the batch",
    trigger: ".o_data_row:contains(Tour raises) td[name=name]",
    run: "click",
};

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button[name=${name}]:enabled:visible`,
    run: "click",
});

const isIn = (state) => ({
    content: `It is ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${state})`,
});

// An HR manager simulates, looks at the reasons and submits.
tours.add("bsc_raise_simulates", {
    url: "/odoo/performance-raises",
    steps: () => [
        openBatch,
        press("action_simulate"),
        isIn("Simulated"),
        {
            content: "The cost is the pool, to the cent",
            trigger: ".o_field_widget[name=amount_cost]:contains(12,450.00)",
        },
        {
            content: "Somebody is at the maximum of his range",
            trigger:
                ".o_data_row:contains(Cem) td[name=explanation]:contains(paid once)",
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
        {
            content: "Yes, write it",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
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
        {
            content: "Open Ada",
            trigger: ".o_data_row:contains(Ada) td[name=rating_id]",
            run: "click",
        },
        {
            content: "The version that was written",
            trigger: ".o_form_view .o_field_widget[name=version_id]",
        },
        {
            content: "The new wage",
            trigger: ".o_field_widget[name=wage_new]:contains(85,152.99)",
        },
    ],
});
