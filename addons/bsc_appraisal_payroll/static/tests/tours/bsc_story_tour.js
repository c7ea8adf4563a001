import { registry } from "@web/core/registry";
import {
    PATIENCE,
    choose,
    confirmDialog,
    dialogIsClosed,
    isIn,
    openCard,
    press,
    shows,
    type,
} from "@bsc_appraisal/../tests/tours/bsc_tour_helpers";

// The quarter of Sales in the demo company, from the target that waits for Li Na to
// the decision on her appeal. Each tour is played by the one who acts.
const tours = registry.category("web_tour.tours");

const LI_NA = "Li Na):contains(Quarter";

// What finance reports: who, orders signed, late offers.
const FIGURES = [
    ["Sales", 330, 10],
    ["Wang Fang", 144, 3],
    ["Li Na", 90, 4],
    ["Xu Ting", 46, 3],
];
const ROWS = FIGURES.flatMap(([who, orders, offers]) => [
    [`.o_data_row:contains(${who}):contains(Orders signed)`, orders],
    [`.o_data_row:contains(${who}):contains(Late offers)`, offers],
]);
const nothingLeft = {
    content: "Nothing of the quarter is left to do",
    trigger: ".o_list_view:not(:contains(Orders signed)):not(:contains(Late offers))",
};

tours.add("bsc_story_accepts_targets", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard(LI_NA),
        shows(
            "It is her turn",
            ".o_field_widget[name=target_status]:contains(Proposed from above)",
        ),
        press("action_accept_targets"),
        shows(
            "The targets are agreed",
            ".o_form_view:not(:contains(Proposed from above)) .o_field_widget[name=target_status]:contains(Agreed)",
        ),
    ],
});

tours.add("bsc_story_puts_in_force", {
    url: "/odoo/team-scorecards",
    steps: () => [openCard(LI_NA), press("action_agree"), isIn("Agreed")],
});

tours.add("bsc_story_starts_cycle", {
    steps: () => [press("action_advance"), isIn("Coach")],
});

tours.add("bsc_story_delivers", {
    url: "/odoo/performance-my-figures",
    steps: () => [
        ...ROWS.flatMap(([row, value]) => [
            {
                content: `Edit ${row}`,
                trigger: `${row} td[name=value]`,
                timeout: PATIENCE,
                run: "click",
            },
            {
                content: `Type ${value}`,
                trigger: `${row} td[name=value] input`,
                run: `edit ${value}`,
            },
            {
                content: "Deliver",
                trigger: `${row} button[name=action_deliver]`,
                run: "click",
            },
            shows("It is delivered", `.o_list_view:not(:has(${row}))`),
        ]),
        nothingLeft,
    ],
});

tours.add("bsc_story_verifies", {
    url: "/odoo/performance-my-figures",
    steps: () => [
        ...ROWS.flatMap(([row]) => [
            {
                content: `Verify ${row}`,
                trigger: `${row} button[name=action_verify]`,
                timeout: PATIENCE,
                run: "click",
            },
            shows("It is verified", `.o_list_view:not(:has(${row}))`),
        ]),
        nothingLeft,
    ],
});

tours.add("bsc_story_sees_score", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard(LI_NA),
        press("action_score"),
        shows("The score is there", ".o_field_widget[name=score]:contains(94.00)"),
        shows("And how it came about", "td[name=explanation]:contains(AV 90 / TV 100)"),
        {
            content: "Open the figures behind it",
            trigger: "button[name=action_open_measurements]",
            run: "click",
        },
        shows(
            "A figure, verified",
            ".o_data_row:contains(Orders signed):contains(Verified)",
        ),
    ],
});

// Whom she named, approved by her manager, closed by HR.
tours.add("bsc_story_proposes_raters", {
    url: "/odoo/my-feedback",
    steps: () => [openCard(LI_NA), press("action_propose"), isIn("To Be Approved")],
});
tours.add("bsc_story_approves_raters", {
    url: "/odoo/my-feedback",
    steps: () => [
        openCard(LI_NA),
        press("action_start"),
        confirmDialog,
        isIn("Collecting"),
        shows(
            "Who was asked stays visible, who answered does not",
            ".o_field_widget[name=asked_text]:contains(He Ming)",
        ),
    ],
});
tours.add("bsc_story_closes_feedback", {
    steps: () => [
        press("action_close"),
        confirmDialog,
        shows(
            "Peers and customers are shown",
            ".o_field_widget[name=report]:has(th:contains(Peers)):has(th:contains(Customers))",
        ),
    ],
});

// The last figures are in: the manager ends the assessment.
tours.add("bsc_story_ends_assessment", {
    steps: () => [
        press("action_advance"),
        isIn("Assess"),
        press("action_advance"),
        isIn("Feedback"),
    ],
});

// Who takes part in a calibration joins, sees the people and changes a rating.
tours.add("bsc_story_opens_calibration", {
    steps: () => [press("action_open"), isIn("Under Way")],
});
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
            content: "Change the rating of Li Na",
            trigger: ".o_data_row:contains(Li Na) button[name=action_rate]:visible",
            run: "click",
        },
        ...choose("rating_id", "Competent"),
        type("reason", "Two of her orders were signed by her manager."),
        {
            content: "Change it",
            trigger: ".modal button[name=action_rate]",
            run: "click",
        },
        dialogIsClosed,
    ],
});
tours.add("bsc_story_closes_calibration", {
    steps: () => [press("action_close"), confirmDialog, isIn("Closed")],
});

// The appraisal manager shows everybody his result at once.
tours.add("bsc_story_publishes", {
    steps: () => [
        press("action_publish"),
        confirmDialog,
        shows(
            "Now the cycle can be closed",
            ".o_statusbar_buttons button:contains(Close Cycle):visible",
        ),
    ],
});

// The appraiser writes the minutes and confirms them; then the employee does.
tours.add("bsc_story_writes_minutes", {
    url: "/odoo/team-scorecards",
    steps: () => [
        openCard(LI_NA),
        press("action_interview"),
        type("went_well", "Customers are served on the day."),
        type("next_targets", "Orders 105"),
        press("action_confirm"),
        shows("It waits for the employee", ".alert:contains(Waits for: the employee)"),
    ],
});
tours.add("bsc_story_confirms_minutes", {
    steps: () => [press("action_confirm"), isIn("Confirmed")],
});

// The employee challenges her result on her scorecard.
tours.add("bsc_story_appeals", {
    url: "/odoo/my-scorecard",
    steps: () => [
        openCard(LI_NA),
        press("action_appeal"),
        type("reason", "My manager signed the orders, I won them."),
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
        type("reason", "Her name is on the first mails."),
        vote("outcome", "Accept"),
        shows("A rating can be proposed now", ".modal .o_field_widget[name=rating_id]"),
        {
            content: "Vote",
            trigger: ".modal footer button:contains(Vote)",
            run: "click",
        },
        shows(
            "One vote is in, and is not shown",
            ".o_form_view:has(.o_field_widget[name=vote_progress]:contains(1 of 3)):not(:contains(first mails))",
        ),
    ],
});
tours.add("bsc_story_concludes", {
    steps: () => [
        {
            content: "Everybody voted: the reasons are there",
            trigger: ".o_field_widget[name=vote_ids] .o_data_row:contains(first mails)",
            timeout: PATIENCE,
        },
        press("action_decide"),
        shows(
            "What most said",
            ".modal .o_field_widget[name=vote_summary]:contains(Accept: 2)",
        ),
        vote("outcome", "Accepted"),
        ...choose("rating_id", "Good"),
        type("reason", "She won the orders."),
        {
            content: "Decide",
            trigger: ".modal button[name=action_decide]",
            run: "click",
        },
        isIn("Accepted"),
    ],
});
