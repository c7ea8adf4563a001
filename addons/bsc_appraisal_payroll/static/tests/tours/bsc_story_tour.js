import { registry } from "@web/core/registry";
import {
    choose,
    confirmDialog,
    dialogIsClosed,
    isIn,
    openCard,
    openRow,
    press,
    type,
} from "@bsc_appraisal/../tests/tours/bsc_tour_helpers";

// One department from its targets to the payslip: what the tours of the other addon do
// not show. Each is played by the one who acts; they open where the test says.
const tours = registry.category("web_tour.tours");

// Who takes part in a calibration joins, sees the people and changes a rating.
tours.add("bsc_story_calibrates", {
    steps: () => [
        press("action_join"),
        confirmDialog,
        {
            content: "Look at the people",
            trigger: ".oe_stat_button[name=action_open_lines]",
            run: "click",
        },
        {
            content: "Change the rating of Anna",
            trigger: "button[name=action_rate]:visible",
            run: "click",
        },
        ...choose("rating_id", "Grade C"),
        type("reason", "Two of her orders were done by the chief."),
        {
            content: "Change it",
            trigger: ".modal button[name=action_rate]",
            run: "click",
        },
        dialogIsClosed,
    ],
});

// The appraisal manager shows everybody his result at once.
tours.add("bsc_story_publishes", {
    steps: () => [
        press("action_publish"),
        confirmDialog,
        {
            content: "Now the cycle can be closed",
            trigger: ".o_statusbar_buttons button:contains(Close Cycle):visible",
        },
    ],
});

// The appraiser writes the minutes and confirms them; then the employee does.
tours.add("bsc_story_writes_minutes", {
    url: "/odoo/team-scorecards",
    steps: () => [
        openCard("Anna"),
        press("action_interview"),
        type("went_well", "Customers are served on the day."),
        type("next_targets", "Income 105"),
        press("action_confirm"),
        {
            content: "It waits for the employee",
            trigger: ".alert:contains(Waits for: the employee)",
        },
    ],
});
tours.add("bsc_story_confirms_minutes", {
    steps: () => [press("action_confirm"), isIn("Confirmed")],
});

// The employee challenges her result on her scorecard.
tours.add("bsc_story_appeals", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard("Anna"),
        press("action_appeal"),
        type("reason", "The chief signed the orders, I won them."),
        {
            content: "Submit",
            trigger: ".modal button:contains(Submit Appeal)",
            run: "click",
        },
        dialogIsClosed,
    ],
});

// A member votes and reads nobody's vote; the chair concludes what most said.
const vote = (name, label) => ({
    content: `Choose ${label}`,
    trigger: `.modal .o_field_widget[name=${name}] .o_radio_item:contains(${label}) input`,
    run: "click",
});

tours.add("bsc_story_votes", {
    steps: () => [
        press("action_vote"),
        vote("outcome", "Accept"),
        type("reason", "Her name is on the first mails."),
        {
            content: "Vote",
            trigger: ".modal footer button:contains(Vote)",
            run: "click",
        },
        {
            content: "One vote is in, and is not shown",
            trigger:
                ".o_form_view:has(.o_field_widget[name=vote_progress]:contains(1 of 3)):not(:contains(first mails))",
        },
    ],
});
tours.add("bsc_story_concludes", {
    steps: () => [
        {
            content: "Everybody voted: the reasons are there",
            trigger: ".o_field_widget[name=vote_ids] .o_data_row:contains(first mails)",
            timeout: 45000,
        },
        press("action_decide"),
        {
            content: "What most said",
            trigger: ".modal .o_field_widget[name=vote_summary]:contains(Accept: 2)",
        },
        vote("outcome", "Accepted"),
        ...choose("rating_id", "Grade B"),
        type("reason", "She won the orders."),
        {
            content: "Decide",
            trigger: ".modal button[name=action_decide]",
            run: "click",
        },
        isIn("Accepted"),
    ],
});

// HR sees the raise on the timeline of the employee.
tours.add("bsc_story_sees_raise", {
    steps: () => [
        {
            content: "Open the version of December",
            trigger: ".o_field_widget[name=version_id] button:contains(Dec 1)",
            timeout: 45000,
            run: "click",
        },
        {
            content: "Look at the pay",
            trigger: ".nav-link[name=payroll_information]",
            run: "click",
        },
        {
            content: "The new wage",
            trigger: ".o_field_widget[name=wage] input:value(10,363.11)",
        },
    ],
});

// Payroll computes the slip of December.
tours.add("bsc_story_computes_payslip", {
    steps: () => [
        press("compute_sheet"),
        {
            content: "Look at what was computed",
            trigger: ".nav-link[name=computation]",
            run: "click",
        },
        {
            content: "The raised wage is the base",
            trigger:
                ".o_field_widget[name=dynamic_filtered_payslip_lines] .o_data_row:contains(BASIC):contains(10,363.11)",
        },
    ],
});

// Finance takes the recommendation into the next budget.
tours.add("bsc_story_plans_next_budget", {
    url: "/odoo/next-budget",
    steps: () => [
        openRow("Spinning", "department_id"),
        press("action_add_to_round"),
        {
            content: "The proposal of the department asks for it, with the reason",
            trigger: ".o_form_view:contains(12,600.00)",
        },
    ],
});
