using System.Text.Json;

namespace FlowKit.Clip;

/// <summary>Makes a card for a folder that has none, from the configuration files of Hugging Face, open_clip and immich.</summary>
internal static class ForeignConfig
{
    private const int PillowBilinear = 2;

    private static readonly string[] Preprocessing = ["preprocessor_config.json", "visual/preprocess_cfg.json", "preprocess_cfg.json", "open_clip_config.json"];

    /// <summary>A card with what the files say and OpenAI's values for the rest.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="files">Its files.</param>
    /// <exception cref="FlowKitException">A configuration file that is not JSON of the expected form.</exception>
    internal static ClipModelCard Read(string folder, ClipModelFiles files)
    {
        var card = new ClipModelCard { Name = Path.GetFileName(folder.TrimEnd('/', '\\')), Revision = FileCheck.Fingerprint(folder, files), Files = files, PadToContext = true };
        card = Apply(folder, "config.json", card, FromConfig);
        foreach (var name in Preprocessing.Where(name => File.Exists(Path.Combine(folder, name))).Take(1))
        {
            card = Apply(folder, name, card, static (root, into) => FromPreprocessing(Property(root, "preprocess_cfg") ?? root, into));
        }

        return files.Merges?.Path.EndsWith("tokenizer.json", StringComparison.Ordinal) == true ? card with { TextCleaning = "huggingface" } : card;
    }

    private static ClipModelCard Apply(string folder, string name, ClipModelCard card, Func<JsonElement, ClipModelCard, ClipModelCard> read)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return card;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return read(document.RootElement, card);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The configuration file {path} cannot be read: {exception.Message}", exception);
        }
    }

    private static ClipModelCard FromConfig(JsonElement root, ClipModelCard card)
    {
        var text = Property(root, "text_config");
        return card with
        {
            Dimension = Property(root, "projection_dim")?.GetInt32() ?? card.Dimension,
            LogitScale = Property(root, "logit_scale")?.GetSingle() ?? card.LogitScale,
            ContextLength = (text is { } section ? Property(section, "max_position_embeddings")?.GetInt32() : null) ?? card.ContextLength,
            ImageSize = (Property(root, "vision_config") is { } vision ? Property(vision, "image_size")?.GetInt32() : null) ?? card.ImageSize,

            // Only CLIP proper is known to be causal, so that padding behind the end mark changes nothing.
            PadToContext = Property(root, "model_type")?.GetString() != "clip",
        };
    }

    private static ClipModelCard FromPreprocessing(JsonElement root, ClipModelCard card)
    {
        var size = Property(root, "crop_size") ?? Property(root, "size");
        var squashed = Property(root, "resize_mode")?.GetString() is { } mode
            ? mode == "squash"
            : Property(root, "crop_size") is null && Property(root, "size") is { ValueKind: JsonValueKind.Object } plain && Property(plain, "shortest_edge") is null;
        var bilinear = Property(root, "interpolation")?.GetString() == "bilinear" || Property(root, "resample")?.GetInt32() == PillowBilinear;
        return card with
        {
            ImageSize = size is { } given ? Side(given) : card.ImageSize,
            Mean = Floats(Property(root, "image_mean") ?? Property(root, "mean")) ?? card.Mean,
            Std = Floats(Property(root, "image_std") ?? Property(root, "std")) ?? card.Std,
            Interpolation = bilinear ? "bilinear" : "bicubic",
            ResizeMode = squashed ? "squash" : "shortest",
        };
    }

    private static int Side(JsonElement size) => size.ValueKind switch
    {
        JsonValueKind.Object => (Property(size, "shortest_edge") ?? size.GetProperty("height")).GetInt32(),
        JsonValueKind.Array => size[0].GetInt32(),
        _ => size.GetInt32(),
    };

    private static float[]? Floats(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } values ? [.. values.EnumerateArray().Select(static value => value.GetSingle())] : null;

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
