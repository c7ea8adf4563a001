import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openCard = {
    content: "Open the scorecard",
    trigger: ".o_kanban_record:contains(Anna)",
    run: "click",
};

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
            trigger:
                ".o-dropdown-item:contains(Print), button.o-dropdown:contains(Print)",
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
