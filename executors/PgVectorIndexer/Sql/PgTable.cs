using FlowKit.VectorStores;

namespace FlowKit.Executors.Sql;

/// <summary>The statements over one table. Names are checked by the options; all that users send are parameters.</summary>
/// <param name="options">The options.</param>
internal sealed class PgTable(PgVectorIndexerOptions options)
{
    // Of two who make the same at once PostgreSQL refuses one, whatever "if not exists" says.
    private const long OpenLock = 0x666C_6F77_6B69_74;

    // A scan by the graph reads rows here and there: one that has read as many finds few matches, and reading all in a row is faster.
    private const int MaxScanned = 100_000;

    // Times work_mem, 4 MB by default, for what a scan has visited.
    private const int ScanMemory = 16;

    /// <summary>The table of documents.</summary>
    public string Name { get; } = $"{options.Schema}.{options.Table}";

    /// <summary>The table of what the vectors are.</summary>
    public string Meta { get; } = $"{options.Schema}.{options.Table}_meta";

    /// <summary>The operator whose result is less when two vectors are nearer.</summary>
    public string Operator => options.Metric switch
    {
        VectorMetric.Cosine => "<=>",
        VectorMetric.Dot => "<#>",
        _ => "<->",
    };

    /// <summary>Makes what a store needs that is not there.</summary>
    public string MakeMeta => $$"""
        SELECT pg_advisory_xact_lock({{OpenLock}});
        CREATE EXTENSION IF NOT EXISTS vector;
        CREATE SCHEMA IF NOT EXISTS {{options.Schema}};
        CREATE TABLE IF NOT EXISTS {{Meta}} (
          one boolean PRIMARY KEY DEFAULT true CHECK (one), dimension int NOT NULL, model text NOT NULL, metric text NOT NULL,
          text_fields text);
        DO $do$ BEGIN
          IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = '{{Meta}}'::regclass AND attname = 'text_fields') THEN
            ALTER TABLE {{Meta}} ADD COLUMN IF NOT EXISTS text_fields text;
          END IF;
        END $do$;
        CREATE OR REPLACE FUNCTION {{options.Schema}}.flowkit_moment(value jsonb) RETURNS float8
        LANGUAGE plpgsql IMMUTABLE SET timezone = 'UTC' AS $f$
        BEGIN
          IF jsonb_typeof(value) = 'number' THEN RETURN (value #>> '{}')::float8; END IF;
          IF jsonb_typeof(value) <> 'string' OR value #>> '{}' !~ '^\d{4}-\d{2}-\d{2}' THEN RETURN NULL; END IF;
          RETURN extract(epoch FROM (value #>> '{}')::timestamptz);
        EXCEPTION WHEN others THEN RETURN NULL;
        END $f$;
        """;

    /// <summary>Makes the table for vectors of a dimension.</summary>
    public string Make(int dimension) => $"""
        CREATE TABLE IF NOT EXISTS {Name} (
          id text COLLATE "C" PRIMARY KEY, document text NOT NULL, fields jsonb NOT NULL, embedding vector({dimension}) NOT NULL,
          words tsvector);
        {MakeIndex}
        {MakeWordIndex}
        """;

    /// <summary>Makes room for words in a table of an earlier version.</summary>
    public string AddWords => $"ALTER TABLE {Name} ADD COLUMN IF NOT EXISTS words tsvector;{MakeWordIndex}";

    /// <summary>Makes the table one for vectors of another dimension, which only an empty one can be.</summary>
    public string Change(int dimension) => $"DROP TABLE {Name};{Make(dimension)}";

    /// <summary>Writes a document or replaces it.</summary>
    public string Upsert => $"""
        INSERT INTO {Name} (id, document, fields, embedding, words) VALUES ($1, $2, $3::jsonb, $4, {PgWords.Folded("$5")}::tsvector)
        {OnConflict}
        """;

    /// <summary>Writes what was copied into a table of the transaction.</summary>
    public string UpsertStaged => $"""
        INSERT INTO {Name} (id, document, fields, embedding, words)
        SELECT id, document, fields::jsonb, embedding, {PgWords.Folded("words")}::tsvector FROM flowkit_staging
        {OnConflict}
        """;

    private static string OnConflict =>
        "ON CONFLICT (id) DO UPDATE SET document = excluded.document, fields = excluded.fields, embedding = excluded.embedding,"
        + " words = excluded.words";

    private string MakeWordIndex => options.TextFields.Count == 0
        ? ""
        : $"CREATE INDEX IF NOT EXISTS {options.Table}_words ON {Name} USING gin (words);";

    private string MakeIndex
    {
        get
        {
            var operators = options.Metric switch
            {
                VectorMetric.Cosine => "vector_cosine_ops",
                VectorMetric.Dot => "vector_ip_ops",
                _ => "vector_l2_ops",
            };
            return options.Index switch
            {
                PgIndexKind.Hnsw =>
                    $"CREATE INDEX IF NOT EXISTS {options.Table}_hnsw ON {Name} USING hnsw (embedding {operators})"
                    + $" WITH (m = {options.M}, ef_construction = {options.EfConstruction});",
                PgIndexKind.Ivfflat =>
                    $"CREATE INDEX IF NOT EXISTS {options.Table}_ivfflat ON {Name} USING ivfflat (embedding {operators})"
                    + $" WITH (lists = {options.Lists});",
                _ => "",
            };
        }
    }

    /// <summary>The settings of a search by the index, for its transaction alone.</summary>
    /// <param name="wanted">The number of matches.</param>
    /// <param name="effort">The number of candidates that the caller asks for.</param>
    /// <param name="isFiltered">Indicates whether documents are passed over, so that the scan goes on in a relaxed order.</param>
    public string Settings(int wanted, int? effort, bool isFiltered) => options.Index == PgIndexKind.Hnsw
        ? $"SET LOCAL hnsw.ef_search = {Math.Clamp(Math.Max(effort ?? options.EfSearch, wanted), 1, 1000)};"
            + $" SET LOCAL hnsw.iterative_scan = {(isFiltered ? "relaxed_order" : "strict_order")};"
            + $" SET LOCAL hnsw.max_scan_tuples = {MaxScanned}; SET LOCAL hnsw.scan_mem_multiplier = {ScanMemory}"
        : $"SET LOCAL ivfflat.probes = {options.Probes}; SET LOCAL ivfflat.iterative_scan = relaxed_order";

    /// <summary>The settings of a search that passes the index over, for its transaction alone.</summary>
    public static string ExactSettings => "SET LOCAL enable_indexscan = off";
}
