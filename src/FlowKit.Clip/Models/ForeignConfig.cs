using System.Text.Json.Nodes;

namespace FlowKit.Clip.Models;

/// <summary>Reads the configuration files of Hugging Face, open_clip and immich in a model's folder.</summary>
internal static class ForeignConfig
{
    private const int PillowBilinear = 2;
    private const int PillowBicubic = 3;

    private static readonly string[] Preprocessing =
    [
        "preprocessor_config.json",
        "visual/preprocess_cfg.json",
        "preprocess_cfg.json",
        "open_clip_config.json",
    ];

    /// <summary>Reads the values that the files state; OpenAI's defaults are not filled in.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="FlowKitException">A configuration file that is not JSON of the expected form.</exception>
    internal static ForeignValues Read(string folder)
    {
        var values = new ForeignValues(folder);
        values.Values["pad_to_context"] = true;
        Apply(folder, "config.json", values, FromConfig);
        Apply(
            folder,
            "open_clip_config.json",
            values,
            static (root, file, into) => FromModel(root["model_cfg"] as JsonObject ?? [], file, into));
        var place = Preprocessing.SelectMany(name => Places(folder).Select(sub => Path.Combine(sub, name)))
            .FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
        if (place is not null)
        {
            Apply(
                folder,
                place,
                values,
                static (root, file, into) => FromPreprocessing(root["preprocess_cfg"] as JsonObject ?? root, file, into));
        }

        if (FolderLayout.Tokenizer(folder) is { } tokenizer && Path.GetFileName(tokenizer) == "tokenizer.json")
        {
            values.Values["text_cleaning"] = "huggingface";
        }

        return values;
    }

    private static IEnumerable<string> Places(string folder) =>
        Directory.EnumerateDirectories(folder).Select(static place => Path.GetFileName(place)).Order(StringComparer.Ordinal).Prepend("");

    private static void Apply(string folder, string name, ForeignValues values, Action<JsonObject, string, ForeignValues> read)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            read(CardReader.ReadFile(path, "configuration file"), name, values);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The configuration file {path} cannot be read: {exception.Message}",
                exception);
        }
    }

    private static void FromConfig(JsonObject root, string file, ForeignValues into)
    {
        into.Set("dimension", root["projection_dim"], file);
        into.Set("matryoshka_dimensions", root["matryoshka_dimensions"] as JsonArray, file);
        into.Set("logit_scale", root["logit_scale"], file);
        into.Set("logit_bias", root["logit_bias"], file);
        into.Set("context_length", root["text_config"]?["max_position_embeddings"], file);
        into.Set("image_size", root["vision_config"]?["image_size"], file);
        FromModel(root, file, into);

        // Only CLIP proper is known to be causal, so that padding behind the end mark changes nothing.
        into.Values["pad_to_context"] = root["model_type"]?.GetValue<string>() != "clip";
    }

    /// <summary>open_clip's model configuration, which immich writes into config.json.</summary>
    private static void FromModel(JsonObject root, string file, ForeignValues into)
    {
        into.Set("dimension", root["embed_dim"], file);
        into.Set("context_length", root["text_cfg"]?["context_length"], file);
        into.Set("image_size", root["vision_cfg"]?["image_size"] is JsonValue side ? side : null, file);
    }

    private static void FromPreprocessing(JsonObject root, string file, ForeignValues into)
    {
        var size = root["crop_size"] ?? root["size"];
        into.Set("image_size", size is null ? null : Side(size), file);
        into.Set("mean", root["image_mean"] ?? root["mean"], file);
        into.Set("std", root["image_std"] ?? root["std"], file);
        into.Set("interpolation", Interpolation(root), file);
        into.Set("resize_mode", ResizeMode(root), file);
        into.Set("fill_color", root["fill_color"] is JsonValue fill ? fill : null, file);
    }

    private static JsonNode? Interpolation(JsonObject root) =>
        root["interpolation"]?.GetValue<string>() ?? FilterName(root["resample"]?.GetValue<int>());

    private static string? FilterName(int? resample) => resample switch
    {
        null => null,
        PillowBilinear => "bilinear",
        PillowBicubic => "bicubic",
        var other => $"Pillow's filter {other}",
    };

    private static JsonNode? ResizeMode(JsonObject root)
    {
        if (root["resize_mode"]?.GetValue<string>() is { } mode)
        {
            return mode;
        }

        if (root["crop_size"] is not null)
        {
            return "shortest";
        }

        return root["size"] is JsonObject sides ? SidesMode(sides) : null;
    }

    private static string SidesMode(JsonObject sides) => sides["shortest_edge"] is null ? "squash" : "shortest";

    private static JsonNode Side(JsonNode size) => size switch
    {
        JsonObject sides => (sides["shortest_edge"] ?? sides["height"])!,
        JsonArray list => list[0]!,
        _ => size,
    };
}
