using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>Reads records of a collection, by their ids and in the order of their numbers.</summary>
/// <param name="collection">The collection.</param>
/// <param name="schema">The properties.</param>
internal sealed class RecordReader(VectorStoreCollection<object, Record> collection, RecordSchema schema)
{
    private const int PageSize = 1000;

    /// <summary>The collection.</summary>
    public VectorStoreCollection<object, Record> Collection => collection;

    /// <summary>Returns the records of ids by their ids; those that are not there are left out.</summary>
    public async Task<Dictionary<string, Record>> ReadAsync(
        IEnumerable<string> ids, bool withVectors, CancellationToken cancellationToken)
    {
        List<object> keys = [.. ids.Distinct(StringComparer.Ordinal).Select(schema.KeyOf)];
        var found = new Dictionary<string, Record>(keys.Count, StringComparer.Ordinal);
        if (keys.Count == 0)
        {
            return found;
        }

        var options = new RecordRetrievalOptions { IncludeVectors = withVectors };
        await foreach (var record in collection.GetAsync(keys, options, cancellationToken))
        {
            found[RecordSchema.IdOf(record)] = record;
        }

        return found;
    }

    /// <summary>Returns the first records beyond a number that a filter holds for.</summary>
    public async Task<List<Record>> PageAsync(
        DocumentCondition? filter, long after, int limit, bool withVectors, CancellationToken cancellationToken)
    {
        if (new RecordFilter(schema).Read(filter, after) is not { Filter: { } condition })
        {
            return [];
        }

        var options = new FilteredRecordRetrievalOptions<Record>
        {
            IncludeVectors = withVectors,
            OrderBy = order => order.Ascending(record => record[RecordSchema.Row]!),
        };
        return await ToListAsync(collection.GetAsync(condition, limit, options, cancellationToken));
    }

    /// <summary>Returns all records that a filter holds for, page by page.</summary>
    public async IAsyncEnumerable<List<Record>> PagesAsync(
        DocumentCondition? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await PageAsync(filter, after, PageSize, withVectors: false, cancellationToken);
            if (page.Count == 0)
            {
                yield break;
            }

            yield return page;
            after = RecordSchema.RowOf(page[^1]);
        }
    }

    /// <summary>Returns the record with the largest number; <see langword="null"/> where there is none.</summary>
    public async Task<Record?> LastAsync(CancellationToken cancellationToken)
    {
        var options = new FilteredRecordRetrievalOptions<Record>
        {
            IncludeVectors = true,
            OrderBy = order => order.Descending(record => record[RecordSchema.Row]!),
        };
        var all = new RecordFilter(schema).Read(null, after: 0)!.Filter!;
        return (await ToListAsync(collection.GetAsync(all, 1, options, cancellationToken))).FirstOrDefault();
    }

    /// <summary>Removes records by their ids.</summary>
    public Task DeleteAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        collection.DeleteAsync(ids.Select(schema.KeyOf), cancellationToken);

    private static async Task<List<Record>> ToListAsync(IAsyncEnumerable<Record> records)
    {
        var list = new List<Record>();
        await foreach (var record in records)
        {
            list.Add(record);
        }

        return list;
    }
}
