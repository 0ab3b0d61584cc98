using FlowKit.Clip.Models;

namespace FlowKit.Clip;

/// <summary>
/// Shares models within the process: callers that ask for the same folder with the same options share its sessions, as long as these work.
/// </summary>
public static class ClipModelCache
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Path, ClipModelOptions Options), Entry> Entries = [];

    /// <summary>
    /// Takes a share in a model, opening it where nobody has it open so. Towers are loaded as they are asked for, and caches are as large
    /// as anybody asks.
    /// </summary>
    /// <param name="nameOrPath">A folder, a file in it, or a built-in name such as <c>tiny-clip</c>.</param>
    /// <param name="options">Options for running the model.</param>
    /// <returns>The share: dispose it when done; the last one closes the model.</returns>
    /// <exception cref="FlowKitException">As <see cref="ClipModel.Open"/>.</exception>
    public static ClipModelLease Acquire(string nameOrPath, ClipModelOptions? options = null)
    {
        options ??= new ClipModelOptions();
        var key = (ClipModelLookup.Find(nameOrPath), options with { Load = ClipTowers.None, TextCacheBytes = 0, ImageCacheBytes = 0 });
        Entry entry;
        lock (Gate)
        {
            // Whoever replaces an executor whose session broke needs another one; those that have it keep it until they go.
            if (!Entries.TryGetValue(key, out entry!) || entry.HasFailed)
            {
                entry = Entries[key] = new Entry(new Lazy<ClipModel>(() => ClipModel.Open(key.Item1, options)));
            }

            entry.Shares++;
        }

        try
        {
            // Opened outside the lock: other models are not kept waiting.
            entry.Model.Value.RaiseCaches(options);
            return new ClipModelLease(entry.Model.Value, () => Release(key, entry));
        }
        catch
        {
            Release(key, entry);
            throw;
        }
    }

    private static void Release((string, ClipModelOptions) key, Entry entry)
    {
        lock (Gate)
        {
            if (--entry.Shares > 0)
            {
                return;
            }

            if (Entries.GetValueOrDefault(key) == entry)
            {
                Entries.Remove(key);
            }
        }

        if (entry.Model.IsValueCreated)
        {
            entry.Model.Value.Dispose();
        }
    }

    private sealed class Entry(Lazy<ClipModel> model)
    {
        internal Lazy<ClipModel> Model { get; } = model;

        internal int Shares { get; set; }

        internal bool HasFailed => Model is { IsValueCreated: true, Value.HasFailed: true };
    }
}
