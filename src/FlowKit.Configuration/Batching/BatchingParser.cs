using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Batching;

/// <summary>The way that requests are put together, by endpoint or method.</summary>
internal sealed class BatchingParser : ValueParser<IReadOnlyDictionary<string, BatchingConfig>>
{
    public override bool TryRead(
        YamlNode node,
        string path,
        ConfigDiagnostics diagnostics,
        [MaybeNullWhen(false)] out IReadOnlyDictionary<string,
        BatchingConfig> value)
    {
        value = null;
        if (node is not YamlMapping mapping)
        {
            diagnostics.Add(
                node.Place,
                path,
                $"expected a mapping of endpoints or methods, such as '/index: {{preferred_batch_size: 32}}', not {node.Shown}");
            return false;
        }

        var batches = new Dictionary<string, BatchingConfig>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            if (ReadEntry(entry, KeyTable.Join(path, entry.Key), diagnostics) is { } batching)
            {
                batches[entry.Key] = batching;
            }
        }

        value = batches;
        return true;
    }

    private static BatchingConfig? ReadEntry(YamlEntry entry, string path, ConfigDiagnostics diagnostics)
    {
        if (entry.Key is not ['/', ..] && !ExecutorNames.IsIdentifier(entry.Key))
        {
            diagnostics.Add(entry.KeyPlace, path, "expected an endpoint such as /index, or the name of a method");
            return null;
        }

        if (entry.Value is not YamlMapping mapping)
        {
            diagnostics.Add(
                entry.Value.IsNull ? entry.KeyPlace : entry.Value.Place,
                path,
                $"expected a mapping such as '{{preferred_batch_size: 32, timeout: 10}}', not {entry.Value.Shown}");
            return null;
        }

        var values = BatchingKeys.Table.Read(mapping, path, diagnostics);
        if (!values.Has(BatchingKeys.PreferredBatchSize))
        {
            diagnostics.Add(mapping.Place, path, "the key 'preferred_batch_size' is missing; expected how many documents make a batch");
        }

        var (preferred, max) = (values.Get(BatchingKeys.PreferredBatchSize), values.Get(BatchingKeys.MaxBatchSize));
        if (max > 0 && max < preferred)
        {
            diagnostics.Add(
                values.PlaceOf(BatchingKeys.MaxBatchSize),
                $"{path}.max_batch_size",
                $"expected at least the preferred_batch_size, not less");
        }

        var flushesAll = values.Get(BatchingKeys.FlushAll);
        if (flushesAll && max > 0)
        {
            diagnostics.Add(
                values.PlaceOf(BatchingKeys.MaxBatchSize),
                $"{path}.max_batch_size",
                "flush_all takes everything that is queued; leave one of the two out");
        }

        var usesMetric = values.Has(BatchingKeys.UseCustomMetric) ? values.Get(BatchingKeys.UseCustomMetric) : (bool?)null;
        return new BatchingConfig(
            preferred, TimeSpan.FromMilliseconds(values.Get(BatchingKeys.Timeout)), max == 0 ? null : max, flushesAll, usesMetric);
    }
}
