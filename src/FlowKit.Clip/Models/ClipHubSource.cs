using System.Text.Json.Nodes;

namespace FlowKit.Clip.Models;

/// <summary>The place of a model's ONNX files on a hub.</summary>
/// <param name="Repo">The repository, <c>owner/name</c>.</param>
/// <param name="Layout">
/// <c>transformers</c> (onnx/text_model.onnx, onnx/vision_model.onnx), <c>immich</c> (textual/model.onnx, visual/model.onnx) or
/// <c>plain</c> (textual.onnx, visual.onnx).
/// </param>
/// <param name="Revision">
/// A branch, tag or commit; <see langword="null"/> for the commit that was pulled before, and the newest of <c>main</c> where none was.
/// </param>
public sealed record ClipHubSource(string Repo, string Layout = "transformers", string? Revision = null)
{
    /// <summary>The SHA-256 of each file, in hexadecimal; where there are any, no other file is taken, and none with another content.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads what a model card pins: the repository, the commit, and the SHA-256 of each file.</summary>
    /// <param name="card">The <c>model.json</c> that an earlier pull has written.</param>
    /// <returns>The source, from which only these very files come.</returns>
    /// <exception cref="FlowKitException">The file cannot be read, or pins nothing.</exception>
    public static ClipHubSource FromCard(string card)
    {
        var root = CardReader.ReadFile(card, "model card");
        if (root["source"] is not JsonObject source
            || TextOf(source["repo"]) is not { } repo
            || TextOf(source["revision"]) is not { } revision
            || root["checksums"] is not JsonObject { Count: > 0 } checksums)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The model card {card} pins nothing: it needs source.repo, source.revision and checksums, as `flowkit models pull` writes them.");
        }

        return new ClipHubSource(repo, TextOf(source["layout"]) ?? "transformers", revision)
        {
            Sha256 = checksums.ToDictionary(
                static file => file.Key,
                file => TextOf(file.Value) ?? throw new FlowKitException(
                    FlowErrorCode.InvalidArgument, $"The model card {card}: checksums.{file.Key} must be a text."),
                StringComparer.Ordinal),
        };
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
