import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openCard = {
    content: "Open the scorecard",
    trigger: ".o_kanban_record:contains(Anna)",
    run: "click",
};

const nothingLeft = {
    content: "Nothing is left to do here",
    trigger: ".o_view_nocontent",
};

// The employee accepts what her manager proposed.
tours.add("bsc_employee_accepts_targets", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard,
        {
            content: "It is her turn",
            trigger: ".o_field_widget[name=target_status]:contains(Proposed from above)",
        },
        {
            content: "Accept",
            trigger: "button[name=action_accept_targets]:visible",
            run: "click",
        },
        {
            content: "The target is agreed",
            trigger: ".o_field_widget[name=target_status]:contains(Agreed)",
        },
    ],
});

// Her manager puts the scorecard in force.
tours.add("bsc_manager_puts_in_force", {
    url: "/odoo/team-scorecards",
    steps: () => [
        openCard,
        {
            content: "Put it in force",
            trigger: "button[name=action_agree]:visible",
            run: "click",
        },
        {
            content: "It is agreed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Agreed)",
        },
    ],
});

// The collector types the figure and delivers it.
tours.add("bsc_collector_delivers", {
    url: "/odoo/performance-my-figures",
    steps: () => [
        {
            content: "Edit the value",
            trigger: ".o_data_row:contains(Anna) td[name=value]",
            run: "click",
        },
        {
            content: "Type it",
            trigger: ".o_data_row td[name=value] input",
            run: "edit 90",
        },
        {
            content: "Deliver",
            trigger: ".o_data_row button[name=action_deliver]",
            run: "click",
        },
        nothingLeft,
    ],
});

// Somebody else verifies it.
tours.add("bsc_verifier_verifies", {
    url: "/odoo/performance-my-figures",
    steps: () => [
        {
            content: "Verify",
            trigger: ".o_data_row:contains(Anna) button[name=action_verify]",
            run: "click",
        },
        nothingLeft,
    ],
});

// The employee sees where she stands, and why.
tours.add("bsc_employee_sees_score", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard,
        {
            content: "Score",
            trigger: "button[name=action_score]:visible",
            run: "click",
        },
        {
            content: "The score is there",
            trigger: ".o_field_widget[name=score]:contains(90.00)",
        },
        {
            content: "And how it came about",
            trigger: "td[name=explanation]:contains(AV 90 / TV 100)",
        },
        {
            content: "Open the figures behind it",
            trigger: "button[name=action_open_measurements]",
            run: "click",
        },
        {
            content: "The figure, verified",
            trigger: ".o_data_row:contains(Anna):contains(Verified)",
        },
    ],
});

// She sees the shape of her perspectives and where each line goes, and takes it away.
tours.add("bsc_employee_reads_radar", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard,
        {
            content: "The radar is drawn, with words for those who do not see it",
            trigger: ".o_bsc_radar:has(canvas):has(caption):has(tbody tr:eq(2))",
        },
        {
            content: "The line shows its figures over the periods",
            trigger: ".o_data_row:contains(Income) td[name=trend] svg.o_bsc_trend",
        },
        {
            content: "What can be done with the scorecard",
            trigger: ".o_cp_action_menus button",
            run: "click",
        },
        {
            content: "It can be printed",
            trigger: ".o-dropdown-item:contains(Print), button.o-dropdown:contains(Print)",
            run: "hover",
        },
        {
            content: "And taken away in Excel",
            trigger: ".o-dropdown-item:contains(Scorecard in Excel)",
        },
    ],
});

// On a phone the lines are cards, and the radar fits the screen.
tours.add("bsc_employee_reads_radar_on_phone", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard,
        {
            content: "The radar is drawn",
            trigger: ".o_bsc_radar:has(canvas)",
        },
        {
            content: "Lines are cards with their course and their light",
            trigger:
                ".o_field_widget[name=line_ids] .o_kanban_record:contains(Income):has(svg.o_bsc_trend):contains(Near target)",
        },
    ],
});
