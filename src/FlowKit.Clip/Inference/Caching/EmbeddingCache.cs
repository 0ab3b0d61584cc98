using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace FlowKit.Clip.Inference.Caching;

/// <summary>Embeddings by content, the longest unused ones making room: bounded in bytes. Safe for many threads.</summary>
internal sealed class EmbeddingCache
{
    // Dictionary entry, list node, key and array headers: what an entry costs beside its values.
    private const int Overhead = 200;

    private static readonly Counter<long> Hits = ClipMeter.Own.CreateCounter<long>(
        "flowkit.clip.cache.hits", "{embedding}", "Embeddings found in a cache, by kind.");
    private static readonly Counter<long> Misses = ClipMeter.Own.CreateCounter<long>(
        "flowkit.clip.cache.misses", "{embedding}", "Embeddings looked for in a cache in vain, by kind.");

    /// <summary>The bytes of all caches of a kind, counted also while nobody listens: who begins later must not see a difference.</summary>
    private static readonly ConcurrentDictionary<string, StrongBox<long>> Held = new(StringComparer.Ordinal);

    private readonly KeyValuePair<string, object?> _kind;
    private readonly StrongBox<long> _held;
    private long _limit;
    private readonly Lock _lock = new();
    private readonly Dictionary<ContentKey, LinkedListNode<(ContentKey Key, float[] Value)>> _entries = [];
    private readonly LinkedList<(ContentKey Key, float[] Value)> _byUse = [];
    private long _bytes;

    static EmbeddingCache() => ClipMeter.Own.CreateObservableUpDownCounter(
        "flowkit.clip.cache.bytes",
        static () => Held.Select(
            static held => new Measurement<long>(Volatile.Read(ref held.Value.Value), new KeyValuePair<string, object?>("kind", held.Key))),
        "By",
        "Bytes that cached embeddings take, by kind.");

    /// <summary>Makes a cache.</summary>
    /// <param name="kind"><c>text</c> or <c>image</c>.</param>
    /// <param name="limit">Bytes it may hold; 0 holds nothing.</param>
    internal EmbeddingCache(string kind, long limit)
    {
        (_kind, _limit) = (new KeyValuePair<string, object?>("kind", kind), limit);
        _held = Held.GetOrAdd(kind, static _ => new StrongBox<long>());
    }

    /// <summary>Indicates whether the cache may hold anything.</summary>
    internal bool IsOn => Interlocked.Read(ref _limit) > 0;

    /// <summary>Lets it hold at least so many bytes.</summary>
    internal void Raise(long limit)
    {
        lock (_lock)
        {
            _limit = Math.Max(_limit, limit);
        }
    }

    /// <summary>The number of embeddings in the cache.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The embedding for a content, a copy that is the caller's; <see langword="null"/> where it is not known.</summary>
    internal float[]? Find(ContentKey key)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                Hits.Add(1, _kind);
                return [.. node.Value.Value];
            }
        }

        Misses.Add(1, _kind);
        return null;
    }

    /// <summary>Keeps an embedding.</summary>
    internal void Add(ContentKey key, float[] embedding)
    {
        var size = SizeOf(embedding);
        lock (_lock)
        {
            if (size > _limit || _entries.ContainsKey(key))
            {
                return;
            }

            _entries[key] = _byUse.AddFirst((key, [.. embedding]));
            Change(size);
            while (_bytes > _limit)
            {
                var (oldest, value) = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _entries.Remove(oldest);
                Change(-SizeOf(value));
            }
        }
    }

    /// <summary>Gives back what it holds.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _byUse.Clear();
            Change(-_bytes);
        }
    }

    private static long SizeOf(float[] embedding) => Overhead + ((long)embedding.Length * sizeof(float));

    private void Change(long bytes)
    {
        _bytes += bytes;
        Interlocked.Add(ref _held.Value, bytes);
    }
}
