using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The part of an index that is in memory, by ids.</summary>
internal sealed class MemoryUnderTest(int dimension, StoreOptions? options = null)
{
    private readonly IndexMemory _memory = new(new VectorStamp(dimension, ""), options ?? new StoreOptions());

    public int Count => _memory.Count;

    public void Set(string id, float[] vector) => _memory.Set(new IndexRow(_memory.Ids.Plan([id])[0], id, [], vector), document: null);

    public bool Remove(string id)
    {
        if (_memory.Ids.Find(id) is not { } row)
        {
            return false;
        }

        _memory.Remove(row);
        return true;
    }

    public List<(string Id, float Cosine)> Search(float[] query, int limit) => SearchMany([query], limit)[0];

    public List<List<(string Id, float Cosine)>> SearchMany(IEnumerable<float[]> queries, int limit, RowSet? rows = null) =>
        [.. _memory.Search([.. queries.Select(query => new Document { Embedding = NdArray.Wrap(query) })], new VectorSearch { Limit = limit }, rows)
            .Select(hits => hits.ConvertAll(hit => (_memory.Ids[hit.Row], hit.Score)))];
}
