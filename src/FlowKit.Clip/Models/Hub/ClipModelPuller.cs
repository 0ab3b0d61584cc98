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

    /// <summary>
    /// Pulls a model; files that are here already and right are not pulled again. The card of the folder keeps the commit and the SHA-256
    /// of each file: the next pull takes the same commit, and refuses files of it that have become others.
    /// </summary>
    /// <param name="name">A name of the registry or an alias; with <paramref name="source"/> any name.</param>
    /// <param name="variant">The precision, as <see cref="ClipModelFolder.Open"/>; several can lie side by side.</param>
    /// <param name="source">
    /// Another repository than the registry's, or the very files that a card pins (<see cref="ClipHubSource.FromCard"/>).
    /// </param>
    /// <param name="report">Is told how far each file has come.</param>
    /// <param name="cancellationToken">Gives up; what has come so far is kept for the next time.</param>
    /// <returns>The model's folder.</returns>
    /// <exception cref="FlowKitException">
    /// No such model, the hub does not have or give it, a file is another one than was pulled before or than the source pins, the hub is
    /// neither asked by TLS nor on this machine, or a file cannot be written.
    /// </exception>
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
        var client = new HubClient(http, hub, takesClearText: source.Sha256.Count > 0);
        var pull = new ModelPull(client, source, folder, new FilePull(client, time, report ?? (static _ => { })));
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
}
