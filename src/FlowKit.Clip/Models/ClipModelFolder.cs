using System.Text.Json;

namespace FlowKit.Clip;

/// <summary>A model on disk: its card (written for FlowKit, or derived from what lies in the folder) and where its files are.</summary>
public sealed class ClipModelFolder
{
    // Not source-generated: generated code would set the values a card leaves out to nothing instead of to their defaults.
    private static readonly JsonSerializerOptions CardFormat = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private ClipModelFolder(string path, ClipModelCard card) => (FullPath, Card) = (path, card);

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The model's card.</summary>
    public ClipModelCard Card { get; }

    /// <summary>The image tower's file, or <see langword="null"/>.</summary>
    public string? VisualPath => PathOf(Card.Files.Visual);

    /// <summary>The text tower's file, or <see langword="null"/>.</summary>
    public string? TextualPath => PathOf(Card.Files.Textual);

    /// <summary>Opens a model and checks that its files are the ones its card names.</summary>
    /// <param name="nameOrPath">A folder, a file in it, or the name of a built-in model such as <c>tiny-clip</c>.</param>
    /// <exception cref="FlowKitException">No such model, a file missing or altered, or a card that cannot be read.</exception>
    public static ClipModelFolder Open(string nameOrPath)
    {
        var folder = ClipModelLookup.Find(nameOrPath);
        var cardPath = Path.Combine(folder, "model.json");
        var card = File.Exists(cardPath) ? ReadCard(cardPath) : ForeignConfig.Read(folder, FolderLayout.Find(folder));
        foreach (var file in card.Files.All())
        {
            FileCheck.Verify(folder, file);
        }

        return new ClipModelFolder(folder, card);
    }

    /// <summary>Reads the model's tokenizer.</summary>
    /// <exception cref="FlowKitException">No vocabulary file, or one that cannot be read.</exception>
    public ClipTokenizer LoadTokenizer()
    {
        if (Card.Tokenizer != "clip_bpe")
        {
            throw Card.Unknown("tokenizer", Card.Tokenizer, "clip_bpe");
        }

        var cleaning = Card.TextCleaning switch
        {
            "openai" => TextCleaning.OpenAi,
            "huggingface" => TextCleaning.HuggingFace,
            _ => throw Card.Unknown("text_cleaning", Card.TextCleaning, "openai or huggingface"),
        };
        return ClipTokenizer.Load(PathOf(Card.Files.Merges) ?? throw FolderLayout.NoTokenizer(FullPath), PathOf(Card.Files.Vocab), Card.ContextLength, cleaning);
    }

    private static ClipModelCard ReadCard(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ClipModelCard>(File.ReadAllBytes(path), CardFormat)
                ?? throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The model card {path} is empty.");
        }
        catch (JsonException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The model card {path} cannot be read: {exception.Message}", exception);
        }
    }

    private string? PathOf(ClipModelFile? file) => file is null ? null : Path.Combine(FullPath, file.Path);
}
