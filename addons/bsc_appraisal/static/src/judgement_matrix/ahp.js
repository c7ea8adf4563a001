/**
 * The weights of pairwise judgements while they are typed: the same arithmetic as
 * tools/ahp.py on the server, which alone decides. `null` = not judged.
 */

// Saaty (1980), by number of items from 3 on.
const RANDOM_INDEX = [0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.54, 1.56, 1.57, 1.59];
const ITERATIONS = 500;
const PRECISION = 1e-12;

/** The matrix of judgements [first, second, ratio]; the other half follows. */
export function buildMatrix(size, judgements) {
    const matrix = Array.from({ length: size }, (_, row) =>
        Array.from({ length: size }, (_, column) => (row === column ? 1 : null))
    );
    for (const [first, second, ratio] of judgements) {
        matrix[first][second] = ratio;
        matrix[second][first] = 1 / ratio;
    }
    return matrix;
}

/** The groups of items that judgements connect. */
export function findComponents(matrix) {
    const left = new Set(matrix.keys());
    const groups = [];
    for (const start of matrix.keys()) {
        if (!left.delete(start)) {
            continue;
        }
        const group = [start];
        for (const item of group) {
            for (const other of [...left]) {
                if (matrix[item][other] !== null) {
                    left.delete(other);
                    group.push(other);
                }
            }
        }
        groups.push(group);
    }
    return groups;
}

/** Weights, consistency ratio and number of missing pairs; null when not connected. */
export function analyse(matrix, method) {
    if (findComponents(matrix).length > 1) {
        return null;
    }
    const size = matrix.length;
    const even = solveLeastSquares(matrix);
    const full = matrix.map((row, i) =>
        row.map((ratio, j) => (ratio === null ? even[i] / even[j] : ratio))
    );
    let missing = 0;
    matrix.forEach((row, i) => row.forEach((ratio, j) => (missing += j > i && ratio === null)));
    const [vector, lambdaMax] = findPrincipal(full, even);
    const weights = method === "eigenvector" && !missing ? vector : even;
    return { weights, lambdaMax, missing, ratio: consistencyRatio(size, lambdaMax, missing) };
}

function consistencyRatio(size, lambdaMax, missing) {
    if (size < 3) {
        return 0;
    }
    const known = 1 - (2 * missing) / ((size - 1) * (size - 2));
    const index = Math.max(0, (lambdaMax - size) / (size - 1));
    return known > 1e-9 ? index / (RANDOM_INDEX[size - 3] * known) : 0;
}

/** Weights nearest to the judgements in logarithms: row geometric means if complete. */
function solveLeastSquares(matrix) {
    const rows = matrix.map((row, i) => {
        const equation = row.map((ratio, j) => (i !== j && ratio !== null ? 0 : 1));
        equation[i] = row.filter((ratio, j) => j !== i && ratio !== null).length + 1;
        const logs = row.reduce((sum, ratio) => sum + (ratio === null ? 0 : Math.log(ratio)), 0);
        return [...equation, logs];
    });
    return normalise(eliminate(rows).map(Math.exp));
}

function eliminate(rows) {
    const size = rows.length;
    for (let pivot = 0; pivot < size; pivot++) {
        let best = pivot;
        for (let row = pivot + 1; row < size; row++) {
            if (Math.abs(rows[row][pivot]) > Math.abs(rows[best][pivot])) {
                best = row;
            }
        }
        [rows[pivot], rows[best]] = [rows[best], rows[pivot]];
        for (let row = 0; row < size; row++) {
            const factor = row === pivot ? 0 : rows[row][pivot] / rows[pivot][pivot];
            for (let column = pivot; factor && column <= size; column++) {
                rows[row][column] -= factor * rows[pivot][column];
            }
        }
    }
    return rows.map((row, i) => row[size] / row[i]);
}

/** The principal eigenvector of a positive matrix and its eigenvalue. */
function findPrincipal(matrix, start) {
    let vector = start;
    for (let round = 0; round < ITERATIONS; round++) {
        const next = normalise(multiply(matrix, vector));
        const moved = Math.max(...next.map((value, i) => Math.abs(value - vector[i])));
        vector = next;
        if (moved < PRECISION) {
            break;
        }
    }
    const product = multiply(matrix, vector);
    return [vector, product.reduce((sum, value) => sum + value, 0)];
}

function multiply(matrix, vector) {
    return matrix.map((row) => row.reduce((sum, ratio, j) => sum + ratio * vector[j], 0));
}

function normalise(vector) {
    const sum = vector.reduce((total, value) => total + value, 0);
    return vector.map((value) => value / sum);
}

/** The value of the scale next to a ratio, in proportion. */
export function nearest(ratio, scale) {
    const size = Math.max(ratio, 1 / ratio);
    let best = 1;
    for (let value = 2; value <= scale; value++) {
        if (Math.abs(Math.log(value / size)) < Math.abs(Math.log(best / size))) {
            best = value;
        }
    }
    return ratio >= 1 ? best : 1 / best;
}

/**
 * The judgement that contradicts the others most, the value of the scale that would
 * repair it and the consistency ratio it would lead to; null when nothing helps.
 */
export function findRepair(matrix, scale, method) {
    const found = analyse(matrix, method);
    if (!found) {
        return null;
    }
    const { weights } = found;
    const pairs = [];
    matrix.forEach((row, i) =>
        row.forEach((ratio, j) => {
            if (j > i && ratio !== null) {
                pairs.push([Math.abs(Math.log((ratio * weights[j]) / weights[i])), i, j]);
            }
        })
    );
    pairs.sort((a, b) => (Math.abs(b[0] - a[0]) > 1e-9 ? b[0] - a[0] : a[1] - b[1] || a[2] - b[2]));
    for (const [, first, second] of pairs) {
        const implied = [weights[first] / weights[second]];
        const leftOut = replace(matrix, first, second, null);
        if (findComponents(leftOut).length === 1) {
            const rest = solveLeastSquares(leftOut);
            implied.push(rest[first] / rest[second]);
        }
        const tries = implied.map((value) => {
            const proposed = nearest(value, scale);
            const changed = replace(matrix, first, second, proposed);
            return { first, second, proposed, ratio: analyse(changed, method).ratio };
        });
        const best = tries.reduce((a, b) => (b.ratio < a.ratio ? b : a));
        if (best.ratio < found.ratio - 1e-9) {
            return best;
        }
    }
    return null;
}

function replace(matrix, first, second, ratio) {
    const changed = matrix.map((row) => [...row]);
    changed[first][second] = ratio;
    changed[second][first] = ratio === null ? null : 1 / ratio;
    return changed;
}
