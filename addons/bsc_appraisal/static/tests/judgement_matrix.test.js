import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    analyse,
    buildMatrix,
    findComponents,
    findRepair,
    nearest,
} from "@bsc_appraisal/judgement_matrix/ahp";

// The text of the published case on a scale of 1 to 5: F, C, I, L.
const CASE = [
    [0, 1, 2],
    [0, 2, 3],
    [0, 3, 3],
    [1, 2, 2],
    [1, 3, 4],
    [2, 3, 1 / 2],
];
// Saaty (1990): buying a house, rows of the upper half.
const HOUSE = [
    [5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [6, 3, 4, 6, 1 / 5],
    [1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 2, 1 / 5, 1 / 6],
    [1 / 5, 1 / 6],
    [1 / 2],
].flatMap((row, i) => row.map((ratio, j) => [i, i + j + 1, ratio]));

const rounded = (weights, digits) => weights.map((weight) => Number(weight.toFixed(digits)));

describe("arithmetic", () => {
    test("published case: weights and consistency ratio of the server", () => {
        const { weights, lambdaMax, ratio } = analyse(buildMatrix(4, CASE), "eigenvector");
        expect(rounded(weights, 4)).toEqual([0.4319, 0.3127, 0.115, 0.1404]);
        expect(lambdaMax).toBeCloseTo(4.2216, { digits: 4 });
        expect(ratio).toBeCloseTo(0.0821, { digits: 4 });
    });

    test("house of Saaty: weights, ratio and the judgement he repairs", () => {
        const matrix = buildMatrix(8, HOUSE);
        const { weights, ratio } = analyse(matrix, "eigenvector");
        expect(rounded(weights, 3)).toEqual([
            0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333,
        ]);
        expect(ratio).toBeCloseTo(0.169, { digits: 3 });
        const repair = findRepair(matrix, 9, "eigenvector");
        expect([repair.first, repair.second, repair.proposed]).toEqual([2, 6, 0.5]);
        expect(repair.ratio).toBeCloseTo(0.082, { digits: 3 });
    });

    test("incomplete judgements follow from the others, disconnected ones do not", () => {
        const chain = [
            [0, 1, 2],
            [1, 2, 2],
        ];
        const found = analyse(buildMatrix(3, chain), "eigenvector");
        expect(rounded(found.weights, 4)).toEqual([0.5714, 0.2857, 0.1429]);
        expect([found.missing, found.ratio]).toEqual([1, 0]);
        const apart = buildMatrix(4, [
            [0, 3, 2],
            [1, 2, 1],
        ]);
        expect(analyse(apart, "eigenvector")).toBe(null);
        expect(findComponents(apart)).toEqual([
            [0, 3],
            [1, 2],
        ]);
    });

    test("two things are always consistent; values stay on the scale", () => {
        const { weights, ratio } = analyse(buildMatrix(2, [[0, 1, 4]]), "geometric_mean");
        expect(rounded(weights, 6)).toEqual([0.8, 0.2]);
        expect(ratio).toBe(0);
        expect([nearest(2.4, 9), nearest(1 / 2.6, 9), nearest(40, 5)]).toEqual([2, 1 / 3, 5]);
    });
});

class Expert extends models.Model {
    _name = "expert";
    scale = fields.Selection({
        selection: [
            ["5", "1 to 5"],
            ["9", "1 to 9"],
        ],
    });
    method = fields.Char();
    threshold = fields.Float();
    can_judge = fields.Boolean();
    judgement_ids = fields.One2many({ relation: "judgement" });
    _records = [
        {
            id: 1,
            scale: "5",
            method: "eigenvector",
            threshold: 0.1,
            can_judge: true,
            judgement_ids: [1, 2, 3],
        },
    ];
}

class Criterion extends models.Model {
    _name = "bsc.weighting.criterion";
    _records = [
        { id: 1, name: "[C1] Growth" },
        { id: 2, name: "[C2] Return" },
        { id: 3, name: "[C3] Trust" },
    ];
    name = fields.Char();
}

class Judgement extends models.Model {
    _name = "judgement";
    first_id = fields.Many2one({ relation: "bsc.weighting.criterion" });
    second_id = fields.Many2one({ relation: "bsc.weighting.criterion" });
    strength = fields.Integer();
    favours = fields.Selection({
        selection: [
            ["first", "first"],
            ["second", "second"],
        ],
    });
    _records = [
        { id: 1, first_id: 1, second_id: 2, strength: 3, favours: "first" },
        { id: 2, first_id: 1, second_id: 3, strength: 3, favours: "second" },
        { id: 3, first_id: 2, second_id: 3, strength: 3, favours: "first" },
    ];
}

defineMailModels();
defineModels([Expert, Criterion, Judgement]);

const ARCH = `<form>
    <field name="can_judge" invisible="1"/>
    <field name="judgement_ids" widget="bsc_judgement_matrix" readonly="not can_judge"/>
</form>`;
const mountMatrix = () => mountView({ type: "form", resModel: "expert", resId: 1, arch: ARCH });

describe("matrix", () => {
    describe.current.tags("desktop");

    test("upper half is chosen, lower half and weights follow", async () => {
        await mountMatrix();
        expect(".o_bsc_choice").toHaveCount(3);
        expect(queryAllTexts(".o_bsc_reciprocal")).toEqual(["1/3", "3", "1/3"]);
        expect(queryAllTexts(".o_bsc_weight")).toEqual(["33.3 %", "33.3 %", "33.3 %"]);
        await contains(".o_bsc_choice[data-pair='0-2']").select("3");
        expect(queryAllTexts(".o_bsc_reciprocal")).toEqual(["1/3", "1/3", "1/3"]);
        expect(queryAllTexts(".o_bsc_weight")).toEqual(["58.4 %", "28.1 %", "13.5 %"]);
        await contains(".o_bsc_choice[data-pair='1-2']").select("0");
        expect(".o_bsc_verdict").toHaveText(/1 pairs are open/);
    });

    test("a circle is shown with the value that repairs it and nothing changes by itself", async () => {
        onRpc("web_save", ({ args }) => expect.step(args[1].judgement_ids));
        await mountMatrix();
        expect(".o_bsc_ratio").toHaveText("CR 1.149");
        expect(".o_bsc_ratio").toHaveClass("text-bg-warning");
        expect("td.o_bsc_worst").toHaveCount(1);
        expect(".o_bsc_repair").toHaveText(/“\[C1\] Growth” against “\[C2\] Return”: you say 3/);
        expect(queryOne(".o_bsc_choice[data-pair='0-1']").value).toBe("3");
        await contains(".o_bsc_repair button").click();
        expect(queryOne(".o_bsc_choice[data-pair='0-1']").value).toBe("-5");
        expect(".o_bsc_repair").toHaveCount(0);
        await clickSave();
        expect.verifySteps([[[1, 1, { strength: 5, favours: "second" }]]]);
    });

    test("every choice asks its question, and the scale is the study's", async () => {
        await mountMatrix();
        const choice = queryOne(".o_bsc_choice[data-pair='0-1']");
        expect(choice).toHaveAttribute(
            "aria-label",
            "How much more important is “[C1] Growth” than “[C2] Return”?"
        );
        expect(queryAllTexts(".o_bsc_choice[data-pair='0-1'] option")).toEqual([
            "–",
            "5 · C1",
            "4 · C1",
            "3 · C1",
            "2 · C1",
            "1 · equally important",
            "1/2 · C2",
            "1/3 · C2",
            "1/4 · C2",
            "1/5 · C2",
        ]);
    });

    test("the keyboard walks the pairs in reading order", async () => {
        await mountMatrix();
        queryOne(".o_bsc_choice[data-pair='0-1']").focus();
        for (const pair of ["0-2", "1-2"]) {
            await press("Tab");
            expect(`.o_bsc_choice[data-pair='${pair}']`).toBeFocused();
        }
        await press(["Shift", "Tab"]);
        await contains(document.activeElement).select("3");
        expect(queryAllTexts(".o_bsc_weight")).toEqual(["58.4 %", "28.1 %", "13.5 %"]);
        expect(".o_bsc_choice[data-pair='0-2']").toBeFocused();
    });

    test("handed in, it is read and not changed", async () => {
        Expert._records[0].can_judge = false;
        await mountMatrix();
        expect(".o_bsc_choice").toHaveCount(0);
        expect(".o_bsc_repair button").toHaveCount(0);
        expect(".o_bsc_matrix").toHaveCount(1);
    });

    test("what is not connected is named", async () => {
        Judgement._records[1].strength = 0;
        Judgement._records[2].strength = 0;
        await mountMatrix();
        expect(queryAllTexts(".o_bsc_verdict li")).toEqual(["Growth · Return", "Trust"]);
        expect(queryAllTexts(".o_bsc_weight")).toEqual(["–", "–", "–"]);
    });
});

test.tags("mobile");
test("a phone gets the pairs one below the other", async () => {
    await mountMatrix();
    expect(".o_bsc_pair").toHaveCount(3);
    expect(".o_bsc_matrix").toHaveCount(0);
    expect(".o_bsc_pair.o_bsc_worst").toHaveCount(1);
    await contains(".o_bsc_choice[data-pair='0-2']").select("5");
    expect(".o_bsc_ratio").toHaveClass("text-bg-success");
});
