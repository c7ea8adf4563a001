import { describe, expect, test } from "@odoo/hoot";
import { press, queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getDefaultConfig } from "@web/views/view";
import { StrategyMap } from "@bsc_appraisal/strategy_map/strategy_map";

defineMailModels();

const objective = (id, name, values = {}) => ({
    id,
    name,
    state: "published",
    owner: "",
    indicator_count: 1,
    score: null,
    money: null,
    ...values,
});

const MAP = {
    company: "Mill",
    can_create: false,
    perspectives: [
        {
            id: 1,
            name: "Financial",
            question: "",
            color: 4,
            objectives: [objective(11, "Profit", { score: 104.2 })],
        },
        {
            id: 2,
            name: "Customer",
            question: "",
            color: 10,
            objectives: [objective(21, "Content customers", { score: 85 })],
        },
        {
            id: 3,
            name: "Learning",
            question: "",
            color: 5,
            objectives: [objective(31, "Skills"), objective(32, "Machines", { score: 0 })],
        },
    ],
    links: [
        [21, 11],
        [31, 21],
        [99, 11],
    ],
};

const PROPS = { action: {}, actionId: 1, className: "" };

async function mountMap(map = MAP) {
    onRpc("bsc.objective", "get_strategy_map", () => map);
    const env = await makeMockEnv({ config: getDefaultConfig() });
    await mountWithCleanup(StrategyMap, { env, props: PROPS });
    await animationFrame();
}

describe("desktop", () => {
    describe.current.tags("desktop");

    test("perspectives are bands, links are arrows, unreadable ends draw none", async () => {
        await mountMap();
        expect(queryAllTexts(".o_bsc_band h2")).toEqual(["Financial", "Customer", "Learning"]);
        expect(".o_bsc_objective").toHaveCount(4);
        expect(".o_bsc_arrow").toHaveCount(2);
        for (const arrow of queryAll(".o_bsc_arrow")) {
            expect(arrow.getAttribute("d")).toMatch(/^M [\d.]+ [\d.]+ C /);
        }
    });

    test("colour follows the score; no score is neutral, zero is not", async () => {
        await mountMap();
        expect(".o_bsc_objective.o_bsc_level_good").toHaveText(/Profit/);
        expect(".o_bsc_objective.o_bsc_level_fair").toHaveText(/Content customers/);
        expect(".o_bsc_objective.o_bsc_level_none").toHaveText(/Skills/);
        expect(".o_bsc_objective.o_bsc_level_poor").toHaveText(/Machines/);
    });

    test("keyboard reaches an objective, lights its links and opens it", async () => {
        mockService("action", {
            doAction(action) {
                expect.step(`${action.res_model} ${action.res_id}`);
            },
        });
        await mountMap();
        queryAll(".o_bsc_objective")[0].focus();
        await animationFrame();
        expect(".o_bsc_arrow.o_bsc_dimmed").toHaveCount(1);
        expect(".o_bsc_objective.o_bsc_dimmed").toHaveCount(2);
        await press("Enter");
        await animationFrame();
        expect.verifySteps(["bsc.objective 11"]);
    });

    test("screen readers hear what an objective leads to", async () => {
        await mountMap();
        expect(".o_bsc_objective[data-id='31']").toHaveAttribute(
            "aria-label",
            "Skills. no score yet. leads to: Content customers"
        );
    });

    test("an empty map says what to do", async () => {
        await mountMap({ ...MAP, perspectives: [], links: [], can_create: true });
        expect(".o_nocontent_help").toHaveText(/link causes to effects/);
        expect(".o_bsc_band").toHaveCount(0);
    });
});

test.tags("mobile");
test("a phone gets a list with effects in words and no arrows", async () => {
    await mountMap();
    expect(".o_bsc_arrow").toHaveCount(0);
    expect(".o_bsc_objective[data-id='31'] .o_bsc_effects").toHaveText("→ Content customers");
    await contains(".o_bsc_objective[data-id='11']").hover();
});
