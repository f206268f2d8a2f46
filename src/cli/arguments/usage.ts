export const USAGE = `glasshouse – the machine-learning lifecycle from the command line

  glasshouse run --model NAME [options]
  glasshouse run --data FILE.csv --label COLUMN --positive RULE [options]
  glasshouse train --data FILE --label COLUMN --out model.json [options]
  glasshouse runs --workspace ws.zip [--filter TEXT] [options]
  glasshouse tune --data FILE --label COLUMN --space FILE [options]
  glasshouse predict --model model.json --data FILE --out FILE [options]
  glasshouse historical-features --features view:name,… --entities FILE --out FILE [options]
  glasshouse historical-features --service NAME --from T --to T --out FILE [options]
  glasshouse export --feast DIR [options]
  glasshouse export --format FORMAT --workspace ws.zip --model NAME@champion --out DIR
  glasshouse import BUNDLE.zip --workspace ws.zip [options]
  glasshouse models list|versions|alias|promote|roll-back|audit|card --workspace ws.zip [options]

run: data, features, training, registry, inference and monitoring, and what each made.

  --model NAME         a model of config.yaml
  --data FILE          a CSV file instead
  --label COLUMN       its outcome column
  --positive RULE      which values are positive: "> 0", "== yes", "in [a, b]"
  --entity COLUMN      its key column (default: the row number)
  --event-timestamp C  its time column (default: none, so no drift checks)
  --seed N             default: seed of config.yaml
  --rows N             visits to generate (built-in models)
  --max-evals N        configurations to try
  --out DIR            where files go (default: nothing is written)
  --workspace FILE.zip a bundle that is gone on with and written whole (default: nothing is kept)
  --config FILE        default: config.yaml of the package

train: gradient-boosted trees on exactly the rows of a file (.csv, .parquet, .arrow).

  --data FILE          rows to learn from
  --label COLUMN       what is learned
  --params FILE|JSON   XGBoost's parameters: a JSON or YAML file, or JSON itself
  --num-boost-round N  rounds (default: 10, as XGBoost's train)
  --eval FILE          rows to watch; may be given again
  --early-stopping-rounds N   stop when the last --eval file's metric has not improved for so long
  --categorical A,B    columns of categories: text, or codes 0, 1, 2, …
  --ignore A,B         columns left out
  --weight COLUMN      weight of each row
  --group COLUMN       rank:*: query of each row
  --base-model FILE    go on from this model
  --seed N             seed of the parameters (default: 0)
  --backend wasm|js    which twin of the kernels (default: wasm where it runs); the model is the same
  --threads N          threads of one training (default: all of the machine); the model is the same
  --out FILE           where the model goes (.json for XGBoost, .onnx for ONNX runtimes)

runs: finds runs of a workspace file.

  --workspace FILE     what run --workspace made, or the page exported
  --filter TEXT        MLflow's filters and more: "metrics.holdout.roc_auc > 0.9 OR params.eta = '0.1'"
  --order-by TEXT      "best.holdout.roc_auc DESC"; may be given again (default: newest first)
  --column FIELD       what is shown; may be given again (default: ROC-AUC and log loss of the hold-out)
  --model NAME         runs of one model (default: all)
  --trash              those in the trash instead
  --limit N            at most so many (default: 1000)

tune: which parameters learn best, by search.

  --data FILE, --label COLUMN, --categorical, --ignore, --weight, --seed   as train
  --space FILE|JSON    parameters to search, in Hyperopt's words
  --params FILE|JSON   parameters that stay as they are; eval_metric says what is judged by
  --algo tpe|random|grid   how configurations are proposed (default: tpe)
  --multivariate       TPE draws parameters together
  --max-evals N        configurations to try (default: 50)
  --parallelism N      TPE proposes each without knowing the N - 1 before it (default: 1)
  --pruner none|median|asha   ends configurations early that look bad (default: none)
  --folds K            folds that are judged on; 1: a fifth of the rows (default: 5)
  --num-boost-round N, --early-stopping-rounds N   most rounds of a configuration (default: 200, 20)
  --timeout SECONDS, --no-progress N   when to end before --max-evals (default: never)
  --out FILE           the best configuration trained on all rows (.json, .onnx)

predict: what a model says of each row of a file.

  --model FILE         a model of train, or of XGBoost (JSON or UBJSON)
  --data FILE          rows to predict; columns are found by name
  --output WHAT        margin, probability or leaf (default: the objective's prediction)
  --contribs           SHAP values beside it
  --interactions       SHAP interaction values beside it
  --out FILE           where predictions go (.csv, .parquet, .arrow)

historical-features: features as they stood at the time of each row of a file, a query, a range or a snapshot.

  --repo DIR           folder with features.yaml and its data files (default: .)
  --features A:x,B:y   which features, as view:name
  --service NAME       the features of a service instead
  --entities FILE      rows with the join keys and event_timestamp
  --entity-sql SQL     a SELECT over the folder's sources that gives them instead
  --from T, --to T     each moment at which something happened to an entity instead (default: the longest ttl
                       before --to; now)
  --at T               each entity once, as of that moment, instead
  --mode MODE          leak_safe: a value counts once it was recorded (default); feast: once it had happened
  --full-feature-names columns are called view__name
  --out FILE           where the rows go (.csv, .parquet, .arrow)

export: a folder's feature definitions and data as a Feast repository.

  --feast DIR          the folder that "feast apply" is run in
  --repo DIR           folder with features.yaml and its data files (default: .)
  --online sqlite|redis  Feast's online store (default: sqlite)
  --redis HOST:PORT    where Redis is (default: localhost:6379)
  --offline dask|duckdb  Feast's engine for historical features (default: dask)

export --format: a model, all runs or everything out of a workspace.

  --format mlflow|xgboost|onnx   one model, as MLflow's folder, model.json or model.onnx
  --format bundle      one model with its lineage, or everything without --model
  --format mlflow-store   all runs, versions and aliases as a folder that MLflow imports
  --workspace FILE.zip the bundle to read
  --model NAME         the champion; NAME@ALIAS or NAME/3 for another version
  --run ID             a run's model instead of a version's
  --out DIR            where it goes (a name that ends in .zip for a bundle)

import: a bundle's models beside those of a workspace.

  --workspace FILE.zip the bundle it comes into; made where it is missing
  --on-conflict refuse|rename|skip   a model whose name is taken (default: refuse)

models: registered models, their versions, who is champion, and the log.

  list                 all registered models
  versions --model NAME    its versions with their gates
  alias --model NAME/3 --set ALIAS, --model NAME --delete ALIAS
  promote --model NAME/3   judges a version against the champion; exit code 1 where it does not pass
  roll-back --model NAME   a former champion is champion again (NAME/1: that one)
  audit                verifies the log's chain; exit code 1 where it breaks
  card --model NAME/3  a model card
  --workspace FILE.zip the bundle, written whole where something changes
  --approve TEXT       promote: approves what passes, with this reason
  --reason TEXT        roll-back: why
  --out FILE           audit: the log as .jsonl; card: .html or .md

all:

  --json               one JSON object on standard output, nothing else
  --quiet              no progress
  --help               this text

Exit codes: 0 fine, 1 a check failed, 2 bad usage or input, 3 a bug.
`;
