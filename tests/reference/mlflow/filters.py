"""Filters and orders that make.py asks MLflow about."""

FILTERS = [
    "",
    " ",
    "metrics.loss > 0",
    "metric.loss >= 0.5",
    "metrics.loss < -0.5",
    "metrics.loss <= .5",
    "metrics.loss = 0",
    "metrics.loss != 0",
    "metrics.loss != 1e-1",
    "metrics.loss > 1E5",
    "metrics.loss > -1e5",
    "metrics.loss > 1e+5",
    "metrics.loss > 5.",
    "metrics.missing != 1",
    "metrics.val.auc > 0",
    "metrics.`val.auc` > 0",
    'metrics."val.auc" > 0',
    "metrics.'val loss' > 0",
    "metrics.`val loss` > 0",
    'metrics."val/loss" > 0',
    "metrics.val/loss > 0",
    "`metrics`.loss > 0",
    '"metrics".loss > 0',
    "Metrics.loss > 0",
    "METRICS.loss > 0",
    "metrics.loss>0",
    "metrics.loss > 0 AND metrics.acc > 0",
    "metrics.loss > 0 and metrics.acc > 0 And params.kind = 'tree'",
    "metrics.loss > 0\nAND metrics.acc > 0",
    "metrics.loss > 0 OR metrics.acc > 0",
    "NOT metrics.loss > 0",
    "(metrics.loss > 0)",
    "metrics.loss > 0;",
    "metrics.loss > 0; metrics.acc > 0",
    "metrics.loss > 0 metrics.acc > 0",
    "AND metrics.loss > 0",
    "metrics.loss > 0 AND",
    "metrics.loss == 0",
    "metrics.loss <> 0",
    "metrics.loss LIKE 0",
    "metrics.loss LIKE '0'",
    "metrics.loss IN (0, 1)",
    "metrics.loss > '0'",
    "metrics.loss > abc",
    "metrics.loss > inf",
    "metrics.loss > nan",
    "metrics.loss > 0x10",
    "metrics.loss > 1 + 1",
    "metrics.loss > - 1",
    "metrics.loss BETWEEN 0 AND 1",
    "metrics.loss IS NULL",
    "params.kind IS NULL",
    "params.kind IS NOT NULL",
    "params.kind is not null AND tags.team Is Null",
    "param.missing IS NULL",
    "tags.team IS NULL",
    "tag.`mlflow.runName` IS NOT NULL",
    "tags.team IS NULL AND metrics.loss > 0",
    "params.kind IS",
    "params.kind IS NOT",
    "params.kind NOT NULL",
    "params.kind = NULL",
    "run_name IS NULL",
    "status IS NOT NULL",
    "dataset.name IS NULL",
    "start_time IS NULL",
    "metrics.loss",
    "metrics.loss >",
    "> 0",
    "0 < metrics.loss",
    "loss > 0",
    "metrics. > 0",
    "metrics..a > 0",
    "params.kind = 'tree'",
    "param.kind = 'tree'",
    "parameter.kind = 'tree'",
    "parameters.kind = 'tree'",
    'params.kind = "tree"',
    "params.kind = `tree`",
    "params.kind = tree",
    "params.kind != 'tree'",
    "params.missing != 'tree'",
    "params.kind = ''",
    "params.`note-1` = ''",
    "params.`note-1` = \"it's\"",
    "params.`note-1` = 'it''s'",
    "params.`note-1` = 'say \"x\"'",
    "params.`note-1` = 'a\\b'",
    "params.note-1 = 'a'",
    "params.`note-1` LIKE 'a.c'",
    "params.`note-1` LIKE '100%'",
    "params.`max depth` = '10'",
    'params."max depth" = "3"',
    "params.max depth = '3'",
    "params.eta = 0.1",
    "params.eta > '0.1'",
    "params.kind LIKE 'tree%'",
    "params.kind LIKE '%ree'",
    "params.kind LIKE '%re%'",
    "params.kind like 'tre_'",
    "params.kind LIKE 'tree'",
    "params.kind LIKE 'TREE%'",
    "params.kind ILIKE 'TREE%'",
    "params.kind iLike 'tree\\_2'",
    "params.kind LIKE '%'",
    "params.kind LIKE ''",
    "params.kind LIKE '_'",
    "params.kind NOT LIKE 'tree%'",
    "params.kind IN ('tree', 'mlp')",
    "params.kind NOT IN ('tree')",
    "tags.team = 'red'",
    "tag.team != 'red'",
    "tags.missing = 'x'",
    "tags.team ILIKE 'RED'",
    "tags.mlflow.runName = 'quiet-fern'",
    "tags.`mlflow.runName` LIKE '%fern'",
    'tags."mlflow.runName" ILIKE "QUIET%"',
    "attribute.run_name = 'quiet-fern'",
    "attributes.run_name != 'quiet-fern'",
    "attr.run_name LIKE '%moss'",
    "run.run_name = 'plain reed'",
    "run_name ILIKE 'QUIET-FERN'",
    "run_name LIKE '50% off'",
    "run_name LIKE 'gr__e'",
    "run_name = 'größe'",
    "`run name` = 'plain reed'",
    '"Run name" = "plain reed"',
    "'run name' = 'plain reed'",
    "run name = 'plain reed'",
    "Run Name = 'plain reed'",
    "attribute.`Run Name` = 'plain reed'",
    "attribute.'run name' = 'plain reed'",
    "attribute.run name = 'plain reed'",
    "name = 'plain reed'",
    "status = 'FINISHED'",
    "status != 'FINISHED'",
    "attribute.status ILIKE 'fin%'",
    "status = 'finished'",
    "status IN ('FINISHED')",
    "user_id = 'ann'",
    "user_id LIKE 'ann%'",
    "user_id LIKE 'ann._'",
    "artifact_uri LIKE '%'",
    "start_time > 1772000010000",
    "attribute.start_time <= 1772000010000",
    "created > 1772000010000",
    "Created < 1772000010000",
    "start_time = 1772000000000",
    "start_time != 1772000000000",
    "start_time > 1772000010000.5",
    "start_time > '1772000010000'",
    "start_time LIKE '1%'",
    "end_time >= 1772000102000",
    "start_time > 1772000005000 AND start_time < 1772000020000 AND status = 'FINISHED'",
    "experiment_id = '1'",
    "lifecycle_stage = 'active'",
    "attribute.foo = 'x'",
    "run_id = 'nothing'",
    "run_id LIKE '%a%'",
    "run_id IN ('a', 'b')",
    "run_id NOT IN ('a', 'b')",
    "run_id in ('a')",
    "run_id IN ()",
    "run_id IN ('a',)",
    "run_id IN ('a' 'b')",
    "run_id IN (a)",
    "run_id IN (1)",
    "run_id IN 'a'",
    'run_id IN ("a", "b")',
    "run_id IN ('a', \"b\")",
    "run_name IN ('a')",
    "dataset.name = 'iris'",
    "datasets.name = 'iris'",
    "dataset.name != 'iris'",
    "dataset.name = 'iris' AND dataset.digest = 'd1'",
    "dataset.name = 'iris' AND dataset.name = 'heart'",
    "dataset.name LIKE 'he%'",
    "dataset.name ILIKE 'HE%'",
    "dataset.name IN ('iris', 'heart')",
    "dataset.name NOT IN ('iris', 'heart')",
    "dataset.name IN ('Heart 2')",
    "dataset.digest IN ('d1')",
    "dataset.digest IN ('D3')",
    "dataset.digest != 'd1'",
    "dataset.context = 'training'",
    "dataset.context != 'training'",
    "dataset.context IN ('eval')",
    "dataset.context LIKE 'tr%' AND dataset.name = 'heart'",
    "dataset.profile = 'x'",
    "dataset.name > 'a'",
    "dataset.name = 5",
    "foo.bar = 'x'",
    "model.name = 'x'",
    "params = 'x'",
    "params.kind = 'tree",
    'params.kind = "tree',
    "params.`kind = 'tree'",
    "params.kind = 'tree' AND (metrics.loss > 0)",
    "params.kind = 'a AND b'",
    "params.kind = 'x' -- comment",
    "tags.order = 'a'",
    "tags.select = 'a'",
    "params.`a AND b` = 'c'",
    "metrics.`loss` > 0",
    "params.from = 'x'",
    "tags.user = 'x'",
    "tags.version = '1'",
    "metrics.1loss > 0",
    "metrics._loss != 0",
    "params.größe = 'x'",
]

ORDERS = [
    None,
    [],
    *[
        [f"{field}{direction}"]
        for field in [
            "metrics.loss",
            "metrics.`val loss`",
            'metrics."val/loss"',
            "metrics.val.auc",
            "metrics.missing",
            "params.kind",
            "params.`max depth`",
            "param.eta",
            "params.`note-1`",
            "tags.team",
            "tag.missing",
            "tags.`mlflow.runName`",
            "attribute.start_time",
            "start_time",
            "created",
            "attribute.end_time",
            "run_id",
            "attributes.run_name",
            "status",
            "attribute.user_id",
            "run.status",
        ]
        for direction in ["", " ASC", " DESC", " asc", " desc"]
    ],
    ["metrics.loss DESC", "params.kind ASC"],
    ["params.kind", "metrics.acc DESC", "start_time"],
    ["tags.team DESC", "params.eta DESC", "run_id DESC"],
    ["status", "start_time ASC"],
    ["metrics.loss DESC "],
    [" metrics.loss DESC"],
    ["metrics.loss  DESC"],
    ["metrics.loss DESC ASC"],
    ["metrics.loss up"],
    ["metrics.loss,metrics.acc"],
    ["dataset.name"],
    ["loss"],
    ["foo.bar"],
    ["metrics.val loss"],
    [""],
    ["start_time DESC", "start_time ASC"],
    ["`metrics`.loss"],
    ["metrics.'val loss' DESC"],
]

MODEL_FILTERS = [
    "",
    "name = 'heart'",
    "name != 'heart'",
    "name LIKE 'h%'",
    "name ILIKE 'H%'",
    "name LIKE '%model%'",
    "name = \"sepsis risk\"",
    "tags.team = 'red'",
    "tag.team != 'red'",
    "tags.team LIKE 'r%'",
    "tags.team ILIKE 'RED'",
    "tags.missing != 'x'",
    "tags.`team` = 'blue'",
    'tags."team" = "blue"',
    "name LIKE '%e%' AND tags.team = 'red'",
    "name = 'heart' OR name = 'Heart'",
    "name > 'a'",
    "name = heart",
    "name IN ('heart')",
    "foo = 'x'",
    "attribute.name = 'heart'",
    "attributes.name = 'heart'",
    "version = 1",
    "tags.team = 1",
    "creation_timestamp > 0",
]

MODEL_ORDERS = [None, [], ["name"], ["name DESC"], ["name ASC"], ["attribute.name DESC"], ["tags.team"], ["foo"], ["name up"]]

VERSION_FILTERS = [
    "",
    "name = 'heart'",
    "name != 'heart'",
    "name LIKE 'h%'",
    "name ILIKE 'H%'",
    "version_number = 2",
    "version_number > 1",
    "version_number >= 2 AND version_number < 3",
    "version_number != 1",
    "version_number = '2'",
    "version_number LIKE '2'",
    "run_id = '01010101010101010101010101010101'",
    "run_id IN ('01010101010101010101010101010101', '12121212121212121212121212121212')",
    "run_id IN ('abc')",
    "run_id LIKE '0%'",
    "source_path = 'models/0/1'",
    "source_path LIKE 'models/0/%'",
    "source_path ILIKE 'MODELS/0/%'",
    "tags.kind = 'tree'",
    "tag.kind != 'tree'",
    "tags.kind LIKE 't%'",
    "tags.missing != 'x'",
    "name = 'heart' AND tags.kind = 'mlp'",
    "name IN ('heart')",
    "source_path IN ('models/0/1')",
    "version = 2",
    "stage = 'None'",
    "name = 'heart' OR name = 'Heart'",
    "attribute.name = 'heart'",
]

VERSION_ORDERS = [
    ["name"],
    ["name DESC"],
    ["version_number"],
    ["version_number DESC"],
    ["name ASC", "version_number ASC"],
    ["name DESC", "version_number DESC"],
    ["run_id"],
    ["foo"],
]


def drawn(draws, count):
    """Filters in the grammar, with values near those that occur."""
    return [f" {draws.choice(['AND', 'and', 'And'])} ".join(clause(draws) for _ in range(draws.randrange(1, 4))) for _ in range(count)]


def clause(draws):
    space = draws.choice(["", " ", " ", "  "])
    numbers = ["=", "!=", ">", ">=", "<", "<="]
    kind = draws.randrange(6)
    if kind < 2:
        key = draws.choice(["loss", "acc", "`val loss`", '"val/loss"', "val.auc", "missing"])
        value = draws.choice([str(round(draws.uniform(-1, 1), 1)), "0", "-0.5", "1", ".1", "2e-1"])
        return f"{draws.choice(['metrics', 'metric'])}.{key}{space}{draws.choice(numbers)}{space}{value}"
    if kind == 2:
        key = draws.choice(["kind", "eta", "`max depth`", '"note-1"', "missing"])
        return f"{draws.choice(['params', 'param', 'parameters'])}.{key} {text(draws, ['tree', 'Tree', 'tree_2', 'mlp', '0.1', '10', 'a'])}"
    if kind == 3:
        key = draws.choice(["team", "`mlflow.runName`", "missing"])
        return f"{draws.choice(['tags', 'tag'])}.{key} {text(draws, ['red', 'Red', 'blue', 'quiet-fern', 'x'])}"
    if kind == 4:
        if draws.random() < 0.5:
            return f"start_time{space}{draws.choice(numbers)}{space}{1772000000000 + 1000 * draws.randrange(30)}"
        return f"{draws.choice(['', 'attribute.', 'run.'])}{draws.choice(['run_name', 'status', 'user_id'])} {text(draws, ['quiet-fern', 'FINISHED', 'FAILED', 'ann', 'Bob'])}"
    key = draws.choice(["name", "digest", "context"])
    if draws.random() < 0.3:
        return f"dataset.{key} {draws.choice(['IN', 'NOT IN', 'in'])} ('{draws.choice(['iris', 'd1', 'training'])}', 'heart')"
    return f"dataset.{key} {text(draws, ['iris', 'heart', 'd1', 'training', 'eval'])}"


def text(draws, values):
    value = draws.choice(values)
    quote = draws.choice(["'", '"'])
    comparator = draws.choice(["=", "=", "!=", "LIKE", "ILIKE", "like"])
    if comparator.upper().endswith("LIKE"):
        value = draws.choice([value, f"{value[:2]}%", f"%{value[1:]}", f"%{value[1:3]}%", f"_{value[1:]}", value.upper()])
    return f"{comparator} {quote}{value}{quote}"


def damaged(draws, filters, count):
    """Filters with a character dropped, doubled, moved or put in."""
    letters = "'\"`().,;=<>!-% aA1\\\n"
    found = []
    while len(found) < count:
        text_ = draws.choice(filters)
        if len(text_) < 4:
            continue
        at = draws.randrange(len(text_))
        how = draws.randrange(4)
        if how == 0:
            text_ = text_[:at] + text_[at + 1 :]
        elif how == 1:
            text_ = text_[:at] + text_[at] + text_[at:]
        elif how == 2:
            text_ = text_[:at] + draws.choice(letters) + text_[at:]
        else:
            text_ = text_[:at] + draws.choice(letters) + text_[at + 1 :]
        found.append(text_)
    return found
