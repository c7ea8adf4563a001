import { Component, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

// From which score on an objective is green or yellow; below, red. 100 is the target.
const GOOD = 100;
const FAIR = 80;

/** The strategy map: perspectives as bands, objectives in them, arrows from cause to effect. */
export class StrategyMap extends Component {
    static template = "bsc_appraisal.StrategyMap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.canvas = useRef("canvas");
        this.state = useState({ arrows: [], width: 0, height: 0, focused: null });
        onWillStart(async () => {
            this.map = await this.orm.call("bsc.objective", "get_strategy_map", []);
            this.byId = new Map();
            for (const perspective of this.map.perspectives) {
                for (const objective of perspective.objectives) {
                    this.byId.set(objective.id, objective);
                }
            }
            this.links = this.map.links.filter((link) => link.every((id) => this.byId.has(id)));
        });
        useEffect(
            () => this.draw(),
            () => [this.ui.isSmall]
        );
        useExternalListener(window, "resize", () => this.draw());
    }

    get display() {
        return { controlPanel: {} };
    }

    get isEmpty() {
        return !this.byId.size;
    }

    /** Names of what the objective leads to, for phones and screen readers. */
    effectsOf(objective) {
        return this.links
            .filter(([cause]) => cause === objective.id)
            .map(([, effect]) => this.byId.get(effect).name);
    }

    describe(objective) {
        const effects = this.effectsOf(objective);
        const parts = [objective.name, this.scoreText(objective)];
        if (effects.length) {
            parts.push(_t("leads to: %s", effects.join(", ")));
        }
        return parts.join(". ");
    }

    level(objective) {
        if (objective.score === null || objective.score === undefined || objective.score === false) {
            return "none";
        }
        return objective.score >= GOOD ? "good" : objective.score >= FAIR ? "fair" : "poor";
    }

    scoreText(objective) {
        if (this.level(objective) === "none") {
            return _t("no score yet");
        }
        return _t("score %s", formatFloat(objective.score, { digits: [16, 1] }));
    }

    moneyText({ money }) {
        const amount = (value) =>
            formatMonetary(value, { currencyId: money.currency_id, humanReadable: true });
        return _t("%(used)s used of %(planned)s", {
            used: amount(money.used),
            planned: amount(money.planned),
        });
    }

    isOverspent({ money }) {
        return money.used > money.planned;
    }

    isLinked(objective) {
        const focused = this.state.focused;
        return (
            !focused ||
            focused === objective.id ||
            this.links.some((link) => link.includes(focused) && link.includes(objective.id))
        );
    }

    focus(objective) {
        this.state.focused = objective && objective.id;
    }

    open(objective) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "bsc.objective",
            res_id: objective.id,
            views: [[false, "form"]],
        });
    }

    create() {
        return this.action.doAction("bsc_appraisal.bsc_objective_action", { viewType: "form" });
    }

    /** Measure where the objectives stand and lay the arrows between them. */
    draw() {
        const canvas = this.canvas.el;
        if (!canvas || this.ui.isSmall) {
            this.state.arrows = [];
            return;
        }
        const origin = canvas.getBoundingClientRect();
        this.state.width = canvas.scrollWidth;
        this.state.height = canvas.scrollHeight;
        const boxes = new Map();
        for (const node of canvas.querySelectorAll(".o_bsc_objective")) {
            const box = node.getBoundingClientRect();
            boxes.set(Number(node.dataset.id), {
                left: box.left - origin.left,
                top: box.top - origin.top,
                width: box.width,
                height: box.height,
            });
        }
        this.state.arrows = this.links.map(([cause, effect]) => ({
            key: `${cause}-${effect}`,
            cause,
            effect,
            path: this.route(boxes.get(cause), boxes.get(effect)),
        }));
    }

    /** Leave at the side that looks at the effect and curve into it. */
    route(from, to) {
        const middle = (box) => box.left + box.width / 2;
        if (Math.abs(from.top - to.top) < from.height) {
            const right = from.left < to.left;
            const x1 = right ? from.left + from.width : from.left;
            const x2 = right ? to.left : to.left + to.width;
            const y1 = from.top + from.height / 2;
            const y2 = to.top + to.height / 2;
            return `M ${x1} ${y1} C ${(x1 + x2) / 2} ${y1}, ${(x1 + x2) / 2} ${y2}, ${x2} ${y2}`;
        }
        const up = from.top > to.top;
        const y1 = up ? from.top : from.top + from.height;
        const y2 = up ? to.top + to.height : to.top;
        const bend = (y1 + y2) / 2;
        return `M ${middle(from)} ${y1} C ${middle(from)} ${bend}, ${middle(to)} ${bend}, ${middle(
            to
        )} ${y2}`;
    }

    isDimmed(arrow) {
        const focused = this.state.focused;
        return focused && focused !== arrow.cause && focused !== arrow.effect;
    }
}

registry.category("actions").add("bsc_strategy_map", StrategyMap);
