using System.Text.Json.Nodes;

namespace FlowKit.Clip.Models.Hub;

/// <summary>Brings models from a hub into a store.</summary>
/// <param name="http">
/// Must not follow redirects by itself (<see cref="SocketsHttpHandler.AllowAutoRedirect"/> off): the hub states hashes in its first answer.
/// </param>
/// <param name="hub">The hub's base address.</param>
/// <param name="store">The store that receives the models.</param>
/// <param name="time">Paces what is tried again.</param>
public sealed class ClipModelPuller(HttpClient http, Uri hub, ClipModelStore store, TimeProvider time)
{
    /// <summary>The environment variable that names another hub.</summary>
    public const string Variable = "FLOWKIT_MODEL_HUB";

    /// <summary>Pulls a model; files that are here already and right are not pulled again.</summary>
    /// <param name="name">A name of the registry or an alias; with <paramref name="source"/> any name.</param>
    /// <param name="variant">The precision, as <see cref="ClipModelFolder.Open"/>; several can lie side by side.</param>
    /// <param name="source">Another repository than the registry's.</param>
    /// <param name="report">Is told how far each file has come.</param>
    /// <param name="cancellationToken">Gives up; what has come so far is kept for the next time.</param>
    /// <returns>The model's folder.</returns>
    /// <exception cref="FlowKitException">No such model, the hub does not have or give it, or it cannot be written.</exception>
    public async Task<string> PullAsync(
        string name,
        string? variant = null,
        ClipHubSource? source = null,
        Action<ClipPullProgress>? report = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        GraphPrecision.Check(variant);
        var known = ClipRegistry.Find(name);
        source ??= known?.Hub ?? throw NoSource(name, known);
        var folder = store.FolderOf(name)
            ?? throw new FlowKitException(FlowErrorCode.InvalidArgument, $"'{name}' cannot be a folder's name.");
        var pull = new Pull(
            new HubClient(http, hub),
            source,
            folder,
            new FilePull(new HubClient(http, hub), time, report ?? (static _ => { })));
        var (needed, optional) = HubLayout.Files(source, variant);
        foreach (var file in needed)
        {
            await pull.FileAsync(file, isNeeded: true, cancellationToken);
        }

        foreach (var file in optional)
        {
            await pull.FileAsync(file, isNeeded: false, cancellationToken);
        }

        pull.WriteCard(known?.Name ?? name, known is not null);
        return folder;
    }

    private static FlowKitException NoSource(string name, ClipRegistryEntry? known) => known is null
        ? new FlowKitException(
            FlowErrorCode.NotFound,
            "The registry knows no model"
            + $" '{name}'.{(ClipRegistry.Near(name).ToList() is { Count: > 0 } near ? $" It knows {string.Join(", ", near)}." : "")}"
            + " `flowkit models list` prints all; --repo pulls any repository.")
        : new FlowKitException(
            FlowErrorCode.NotFound,
            $"The registry knows '{known.Name}', but no hub that keeps it as ONNX:"
            + " name a repository with --repo owner/name, or export it and add it with `flowkit models add`.");

    /// <summary>The download of one model.</summary>
    private sealed class Pull(HubClient hub, ClipHubSource source, string folder, FilePull files)
    {
        private readonly JsonObject _card = File.Exists(Path.Combine(folder, ClipModelFolder.CardFile))
            ? CardReader.ReadFile(Path.Combine(folder, ClipModelFolder.CardFile), "model card")
            : [];
        private string? _commit;

        private JsonObject Checksums => (JsonObject)(_card["checksums"] ??= new JsonObject());

        internal async Task FileAsync(string name, bool isNeeded, CancellationToken cancellationToken)
        {
            if (await hub.FindAsync(source, name, cancellationToken) is not { } file)
            {
                if (isNeeded)
                {
                    throw new FlowKitException(
                        FlowErrorCode.NotFound,
                        $"The repository {source.Repo} at revision {source.Revision} has no {name};"
                        + " another layout or variant may be meant.");
                }

                return;
            }

            _commit ??= file.Commit;
            var target = Path.Combine(folder, name);
            if (!await IsHereAsync(name, target, file, cancellationToken))
            {
                Checksums[name] = await files.RunAsync(file, name, target, expected: null, cancellationToken);
            }

            if (name.EndsWith(".onnx", StringComparison.Ordinal))
            {
                foreach (var beside in Onnx.OnnxHeader.Read(target).ExternalFiles)
                {
                    await FileAsync(
                        Path.Combine(Path.GetDirectoryName(name)!, Inside(beside)).Replace('\\', '/'),
                        isNeeded: true,
                        cancellationToken);
                }
            }
        }

        internal void WriteCard(string name, bool isKnown)
        {
            var card = new JsonObject { [isKnown ? "model" : "name"] = name };
            card["source"] = new JsonObject { ["repo"] = source.Repo, ["revision"] = _commit ?? source.Revision };
            foreach (var (key, value) in _card)
            {
                card[key] ??= value?.DeepClone();
            }

            if (!isKnown)
            {
                // Nobody else says what the folder's own files say: they are looked at each time.
                card.Remove("name");
            }

            var path = Path.Combine(folder, ClipModelFolder.CardFile);
            WholeFile.Write(path, card.ToJsonString(CardReader.Format) + "\n");
        }

        private async Task<bool> IsHereAsync(string name, string target, HubFile file, CancellationToken cancellationToken)
        {
            if (!File.Exists(target) || (file.Bytes is { } bytes && new FileInfo(target).Length != bytes))
            {
                return false;
            }

            var hash = await FilePull.HashAsync(target, cancellationToken);
            if (hash != (file.Sha256 ?? Checksums[name]?.GetValue<string>()))
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
}
