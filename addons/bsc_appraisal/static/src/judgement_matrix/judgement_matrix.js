import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";
import { analyse, buildMatrix, findComponents, findRepair } from "./ahp";

/**
 * Judgements of one expert as a matrix: the upper half is chosen, the lower half and
 * the weights follow at once. What contradicts the rest is shown, never changed.
 */
export class JudgementMatrixField extends Component {
    static template = "bsc_appraisal.JudgementMatrixField";
    static props = { ...standardFieldProps };

    setup() {
        this.ui = useService("ui");
    }

    get scale() {
        return Number(this.props.record.data.scale || 9);
    }

    get threshold() {
        return this.props.record.data.threshold;
    }

    get pairs() {
        return this.props.record.data[this.props.name].records;
    }

    /** The compared things in order: the records name them in pairs. */
    get items() {
        const items = new Map();
        for (const { data } of this.pairs) {
            for (const part of [data.first_id, data.second_id]) {
                items.set(part.id, part.display_name);
            }
        }
        return [...items]
            .sort(([one], [other]) => one - other)
            .map(([id, name]) => {
                // Indicators read “[code] name”, perspectives have a name only.
                const [, code, short] = name.match(/^\[(.+?)\] (.*)$/) || [null, name, name];
                return { id, name, code, short };
            });
    }

    /** Everything that the template shows, computed once per drawing. */
    computeView() {
        const items = this.items;
        const rank = new Map(items.map((item, index) => [item.id, index]));
        const cells = new Map();
        const judgements = [];
        for (const record of this.pairs) {
            const first = rank.get(record.data.first_id.id);
            const second = rank.get(record.data.second_id.id);
            cells.set(`${first}-${second}`, record);
            if (record.data.strength) {
                judgements.push([first, second, this.ratioOf(record)]);
            }
        }
        const matrix = buildMatrix(items.length, judgements);
        const { method } = this.props.record.data;
        const result = items.length ? analyse(matrix, method) : null;
        const isBad = result && result.ratio >= this.threshold;
        return {
            items,
            cells,
            matrix,
            result,
            isBad,
            open: cells.size - judgements.length,
            repair: isBad ? findRepair(matrix, this.scale, method) : null,
            groups: result || !items.length ? [] : findComponents(matrix),
        };
    }

    ratioOf({ data }) {
        return data.favours === "second" ? 1 / data.strength : data.strength;
    }

    /** Choices of a pair from "the first far more" over "equal" to "the second far more". */
    get choices() {
        const values = [];
        for (let value = this.scale; value > 1; value--) {
            values.push(value);
        }
        return [...values, 1, ...values.reverse().map((value) => -value)];
    }

    valueOf({ data }) {
        return data.strength === 1 ? 1 : data.favours === "second" ? -data.strength : data.strength;
    }

    labelOf(value, first, second) {
        if (value === 1) {
            return _t("1 · equally important");
        }
        const text = value > 0 ? String(value) : `1/${-value}`;
        return `${text} · ${value > 0 ? first.code : second.code}`;
    }

    question(first, second) {
        return _t("How much more important is “%(first)s” than “%(second)s”?", {
            first: first.name,
            second: second.name,
        });
    }

    formatRatio(ratio) {
        if (ratio === null) {
            return "";
        }
        return ratio >= 1 ? String(Math.round(ratio)) : `1/${Math.round(1 / ratio)}`;
    }

    percent(weight) {
        return `${formatFloat(100 * weight, { digits: [16, 1] })} %`;
    }

    consistency(ratio) {
        return formatFloat(ratio, { digits: [16, 3] });
    }

    isWorst(view, row, column) {
        return view.repair && view.repair.first === row && view.repair.second === column;
    }

    repairText({ items, matrix, repair }) {
        return _t(
            "“%(first)s” against “%(second)s”: you say %(said)s. Your other answers say about" +
                " %(proposed)s; then the consistency ratio would be %(ratio)s.",
            {
                first: items[repair.first].name,
                second: items[repair.second].name,
                said: this.formatRatio(matrix[repair.first][repair.second]),
                proposed: this.formatRatio(repair.proposed),
                ratio: this.consistency(repair.ratio),
            }
        );
    }

    groupNames({ items }, group) {
        return group.map((index) => items[index].short).join(" · ");
    }

    judge(record, value) {
        const strength = Math.abs(Number(value));
        return record.update({ strength, favours: Number(value) < 0 ? "second" : "first" });
    }

    /** Take the proposed value, when the expert asks for it. */
    takeRepair({ cells, repair }) {
        const { first, second, proposed } = repair;
        const value = proposed >= 1 ? Math.round(proposed) : -Math.round(1 / proposed);
        return this.judge(cells.get(`${first}-${second}`), value);
    }
}

export const judgementMatrixField = {
    component: JudgementMatrixField,
    displayName: _t("Judgement Matrix"),
    supportedTypes: ["one2many"],
    relatedFields: [
        { name: "first_id", type: "many2one", relation: "bsc.weighting.criterion" },
        { name: "second_id", type: "many2one", relation: "bsc.weighting.criterion" },
        { name: "strength", type: "integer", readonly: false },
        {
            name: "favours",
            type: "selection",
            readonly: false,
            selection: [
                ["first", "first"],
                ["second", "second"],
            ],
        },
    ],
    fieldDependencies: [
        { name: "scale", type: "selection" },
        { name: "method", type: "selection" },
        { name: "threshold", type: "float" },
    ],
};

registry.category("fields").add("bsc_judgement_matrix", judgementMatrixField);
