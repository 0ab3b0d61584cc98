using System.Text.Json.Nodes;

namespace FlowKit.Clip.Models.Hub;

/// <summary>The download of one model, of one commit.</summary>
internal sealed class ModelPull
{
    private const string Newest = "main";

    private readonly HubClient _hub;
    private readonly FilePull _files;
    private readonly string _folder;
    private readonly JsonObject _card;
    private readonly ClipHubSource _source;
    private readonly string? _pinned;
    private string _revision;

    /// <param name="hub">The hub.</param>
    /// <param name="source">What is pulled.</param>
    /// <param name="folder">The folder that receives it, with the card of an earlier pull in it.</param>
    /// <param name="files">Pulls each file.</param>
    internal ModelPull(HubClient hub, ClipHubSource source, string folder, FilePull files)
    {
        (_hub, _source, _folder, _files) = (hub, source, folder, files);
        var card = Path.Combine(folder, ClipModelFolder.CardFile);
        _card = File.Exists(card) ? CardReader.ReadFile(card, "model card") : [];
        _pinned = _card["source"] is JsonObject before && (string?)before["repo"] == source.Repo ? (string?)before["revision"] : null;
        _revision = source.Revision ?? _pinned ?? Newest;
    }

    private JsonObject Checksums => (JsonObject)(_card["checksums"] ??= new JsonObject());

    internal async Task FileAsync(string name, bool isNeeded, CancellationToken cancellationToken)
    {
        if (await _hub.FindAsync(_source, _revision, name, cancellationToken) is not { } file)
        {
            if (isNeeded)
            {
                throw new FlowKitException(
                    FlowErrorCode.NotFound,
                    $"The repository {_source.Repo} at revision {_revision} has no {name}; another layout or variant may be meant.");
            }

            return;
        }

        // A branch may move while its files are pulled: all of them are of the commit that the first one was of.
        _revision = file.Commit ?? _revision;
        var target = Path.Combine(_folder, name);
        var expected = Expected(name);
        if (!await IsHereAsync(name, target, file, expected, cancellationToken))
        {
            Checksums[name] = await _files.RunAsync(file, name, target, expected, cancellationToken);
        }

        if (name.EndsWith(".onnx", StringComparison.Ordinal))
        {
            foreach (var beside in Onnx.OnnxHeader.Read(target).ExternalFiles)
            {
                var path = Path.Combine(Path.GetDirectoryName(name)!, Inside(beside)).Replace('\\', '/');
                await FileAsync(path, isNeeded: true, cancellationToken);
            }
        }
    }

    internal void WriteCard(string name, bool isKnown)
    {
        var card = new JsonObject { [isKnown ? "model" : "name"] = name };
        card["source"] = new JsonObject { ["repo"] = _source.Repo, ["revision"] = _revision, ["layout"] = _source.Layout };
        foreach (var (key, value) in _card)
        {
            card[key] ??= value?.DeepClone();
        }

        if (!isKnown)
        {
            // Nobody else says what the folder's own files say: they are looked at each time.
            card.Remove("name");
        }

        WholeFile.Write(Path.Combine(_folder, ClipModelFolder.CardFile), card.ToJsonString(CardReader.Format) + "\n");
    }

    /// <summary>The SHA-256 that a file must have: what the source pins, or what the same commit had before.</summary>
    private string? Expected(string name)
    {
        if (_source.Sha256.Count == 0)
        {
            return _revision == _pinned ? Checksums[name]?.GetValue<string>() : null;
        }

        return _source.Sha256.TryGetValue(name, out var pinned)
            ? pinned
            : throw new FlowKitException(
                FlowErrorCode.DataLoss, $"The card pins no SHA-256 for {name} of {_source.Repo}: it was written for another variant or layout.");
    }

    private async Task<bool> IsHereAsync(
        string name, string target, HubFile file, string? expected, CancellationToken cancellationToken)
    {
        if (!File.Exists(target) || (file.Bytes is { } bytes && new FileInfo(target).Length != bytes))
        {
            return false;
        }

        var hash = await FilePull.HashAsync(target, cancellationToken);
        if (!hash.Equals(expected ?? file.Sha256 ?? Checksums[name]?.GetValue<string>(), StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        Checksums[name] = hash;
        return true;
    }

    /// <summary>A downloaded graph may not name files outside its own folder.</summary>
    private static string Inside(string beside) => Path.IsPathRooted(beside) || beside.Split('/', '\\').Contains("..")
        ? throw new FlowKitException(FlowErrorCode.PermissionDenied, $"The graph keeps weights in '{beside}', outside of its folder.")
        : beside;
}
