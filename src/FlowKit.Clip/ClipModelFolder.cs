using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Clip.Inference;
using FlowKit.Clip.Models;
using FlowKit.Clip.Tokenization;

namespace FlowKit.Clip;

/// <summary>
/// A model on disk: its card (written for FlowKit, known from the registry, or derived from what lies in the folder) and where its files
/// are.
/// </summary>
public sealed class ClipModelFolder
{
    /// <summary>The name of a card's file.</summary>
    public const string CardFile = "model.json";

    private ClipModelFolder(string path, ClipModelCard card, ClipRegistryEntry? known) => (FullPath, Card, Known) = (path, card, known);

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The model's card.</summary>
    public ClipModelCard Card { get; }

    /// <summary>The registry's entry for it, where it is a model that FlowKit knows.</summary>
    public ClipRegistryEntry? Known { get; }

    /// <summary>The image tower's file, or <see langword="null"/>.</summary>
    public string? VisualPath => PathOf(Card.Files.Visual);

    /// <summary>The text tower's file, or <see langword="null"/>.</summary>
    public string? TextualPath => PathOf(Card.Files.Textual);

    /// <summary>The tokenizer's file, or <see langword="null"/>.</summary>
    public string? TokenizerPath => PathOf(Card.Files.Merges);

    /// <summary>Finds a model's folder, without reading it.</summary>
    /// <param name="nameOrPath">A folder, a file in it, a built-in name, or the name of a model that was pulled.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.NotFound"/>: says what was looked for and what there is.</exception>
    public static string Find(string nameOrPath) => ClipModelLookup.Find(nameOrPath);

    /// <summary>Opens a model and checks that its files are the ones its card names.</summary>
    /// <param name="nameOrPath">
    /// A folder, a file in it, the name of a built-in model such as <c>tiny-clip</c>, or of one that was pulled.
    /// </param>
    /// <param name="variant">
    /// Which of several precisions to take: <c>fp32</c>, <c>fp16</c>, <c>int8</c>, <c>uint8</c>, <c>q4</c>, <c>q4f16</c> or <c>bnb4</c>;
    /// <see langword="null"/> takes the most exact one there is.
    /// </param>
    /// <exception cref="FlowKitException">
    /// No such model or variant, a file missing or altered, a card that cannot be read, or one that contradicts the folder's own
    /// configuration.
    /// </exception>
    public static ClipModelFolder Open(string nameOrPath, string? variant = null)
    {
        GraphPrecision.Check(variant);
        var folder = ClipModelLookup.Find(nameOrPath);
        var cardPath = Path.Combine(folder, CardFile);
        var stated = File.Exists(cardPath) ? CardReader.ReadFile(cardPath, "model card") : [];
        var known = KnownAs(folder, stated, cardPath);
        var values = CardReader.Merge(Underneath(folder, stated, known), stated);
        var files = FilesOf(folder, values, stated, variant);
        foreach (var file in files.All())
        {
            FileCheck.Verify(folder, file);
        }

        var otherSource = known is not null ? $"the registry of '{known.Name}'" : "the folder's configuration";
        GraphFacts.Apply(folder, files, values, key => stated.ContainsKey(key) ? cardPath : otherSource);
        values.Remove("files");
        var card = CardReader.ToCard(values, cardPath);
        return new ClipModelFolder(folder, card with
        {
            Files = files,
            Tokenizer = card.Tokenizer.Length > 0
                ? card.Tokenizer
                : TokenizerReader.KindOf(files.Merges is { } vocabulary ? Path.Combine(folder, vocabulary.Path) : null),
            Revision = stated.ContainsKey("revision")
                ? card.Revision
                : FileCheck.Fingerprint(folder, stated.ContainsKey("files") ? files : FolderLayout.Find(folder)),
        }, known);
    }

    /// <summary>Reads the model's tokenizer.</summary>
    /// <exception cref="FlowKitException">No vocabulary file, or one that cannot be read.</exception>
    public TextTokenizer LoadTokenizer() => TokenizerReader.Read(this);

    /// <summary>The path of a file that the card names.</summary>
    internal string? PathOf(ClipModelFile? file) => file is null ? null : Path.Combine(FullPath, file.Path);

    /// <summary>A card may say which model it is (<c>"model": "ViT-B-32::openai"</c>); else the folder's name may.</summary>
    private static ClipRegistryEntry? KnownAs(string folder, JsonObject stated, string cardPath)
    {
        if (stated["model"] is not { } name)
        {
            return stated.ContainsKey("name") ? null : ClipRegistry.Find(Path.GetFileName(folder));
        }

        return (name.GetValueKind() == JsonValueKind.String ? ClipRegistry.Find(name.GetValue<string>()) : null)
            ?? throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The model card {cardPath} has model {name.ToJsonString()}, which the registry does not know;"
                + " `flowkit models list` prints what it knows.");
    }

    /// <summary>Merges the values of the registry and of the folder's configuration files, which must agree.</summary>
    private static JsonObject Underneath(string folder, JsonObject stated, ClipRegistryEntry? known)
    {
        if (stated.ContainsKey("name") && known is null)
        {
            return [];
        }

        var foreign = ForeignConfig.Read(folder);
        if (known is null)
        {
            var values = foreign.Values;
            values["name"] = Path.GetFileName(folder);
            return values;
        }

        foreign.Compare(known, stated);
        return known.Values;
    }

    private static ClipModelFiles FilesOf(string folder, JsonObject values, JsonObject stated, string? variant)
    {
        if (!stated.ContainsKey("files"))
        {
            return FolderLayout.Find(folder, variant);
        }

        var files = CardReader.ToCard(values, Path.Combine(folder, CardFile)).Files;
        if (variant is null)
        {
            return files;
        }

        var found = FolderLayout.Find(folder, variant);
        return files with { Visual = Stated(files.Visual, found.Visual), Textual = Stated(files.Textual, found.Textual) };

        static ClipModelFile? Stated(ClipModelFile? stated, ClipModelFile? found) => stated?.Path == found?.Path ? stated : found;
    }
}
