import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openRound = {
    content: "Open the round",
    trigger: ".o_kanban_record:contains(Anna)",
    run: "click",
};

// The employee sees whom she named and hands the list to her manager.
tours.add("bsc_feedback_employee_proposes", {
    url: "/odoo/my-feedback",
    steps: () => [
        openRound,
        {
            content: "A group that is too small is announced",
            trigger: ".alert:contains(Customers: 2 named)",
        },
        {
            content: "Hand the names over",
            trigger: "button[name=action_propose]:visible",
            run: "click",
        },
        {
            content: "It is the manager's turn",
            trigger: ".o_arrow_button_current:contains(To Be Approved)",
        },
    ],
});

// The manager approves the names.
tours.add("bsc_feedback_manager_approves", {
    url: "/odoo/my-feedback",
    steps: () => [
        openRound,
        {
            content: "Approve",
            trigger: "button[name=action_start]:visible",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "Answers are collected",
            trigger: ".o_arrow_button_current:contains(Collecting)",
        },
        {
            content: "Who was asked stays visible, who answered does not",
            trigger: ".o_field_widget[name=asked_text]:contains(Customers: Kim, Lou)",
        },
    ],
});

// HR sees how many answered and closes the round.
tours.add("bsc_feedback_officer_closes", {
    url: "/odoo/feedback-rounds",
    steps: () => [
        {
            content: "Open the round",
            trigger: ".o_data_row:contains(Anna) td[name=employee_id]",
            run: "click",
        },
        {
            content: "Close it",
            trigger: "button[name=action_close]:visible",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "Marks of peers are there",
            trigger: ".o_field_widget[name=report] th:contains(Peers)",
        },
        {
            content: "Customers are hidden",
            trigger:
                ".o_field_widget[name=report]:contains(Customers: fewer than 3 answers)",
        },
    ],
});
