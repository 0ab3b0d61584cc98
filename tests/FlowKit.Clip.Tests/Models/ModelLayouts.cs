using System.Text.Json.Nodes;
using FlowKit.Clip.Onnx;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

/// <summary>tiny-clip as each of the exporters in the wild would have laid it out: their file names, input and output names, element types and quirks.</summary>
internal static class ModelLayouts
{
    private const float Scale = 30.827818f;

    /// <summary>Writers of a folder each, by name.</summary>
    internal static readonly IReadOnlyDictionary<string, Action<string>> All = new Dictionary<string, Action<string>>
    {
        ["clip-as-service"] = ClipAsService,
        ["clip-as-service, weights apart"] = WeightsApart,
        ["roboflow"] = Roboflow,
        ["transformers"] = Transformers,
        ["transformers, joint"] = Joint,
        ["transformers, joint, weights apart"] = JointApart,
        ["qdrant"] = Qdrant,
        ["immich"] = Immich,
        ["immich, bytes"] = ImmichBytes,
        ["marqo, onnx32"] = folder => Marqo(folder, "onnx32", half: false),
        ["marqo, onnx16"] = folder => Marqo(folder, "onnx16", half: true),
        ["clip-onnx"] = ClipOnnx,
        ["lakera"] = Lakera,
        ["tidy"] = Tidy,
    };

    private static string Source => ClipModelFolder.Open("tiny-clip").FullPath;

    internal static GraphRecipe Text() => GraphRecipe.Of(Path.Combine(Source, "textual.onnx"));

    internal static GraphRecipe Image() => GraphRecipe.Of(Path.Combine(Source, "visual.onnx"));

    internal static void CopyVocabulary(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(Source, "merges.txt"), Path.Combine(folder, "merges.txt"));
        File.Copy(Path.Combine(Source, "vocab.json"), Path.Combine(folder, "vocab.json"));
    }

    /// <summary>The vocabulary as a tokenizer.json, its merges as pairs or as texts.</summary>
    internal static void WriteTokenizerJson(string path, bool pairs)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var vocab = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Source, "vocab.json")))!;
        var merges = File.ReadLines(Path.Combine(Source, "merges.txt")).Skip(1).Where(static line => line.Length > 0)
            .Select(line => pairs ? new JsonArray([.. line.Split(' ').Select(static symbol => (JsonNode)symbol)]) : (JsonNode)line);
        File.WriteAllText(path, new JsonObject { ["model"] = new JsonObject { ["type"] = "BPE", ["end_of_word_suffix"] = "</w>", ["vocab"] = vocab, ["merges"] = new JsonArray([.. merges]) } }.ToJsonString());
    }

    private static void ClipAsService(string folder)
    {
        Text().Named("input_ids", "output").Taking(OnnxTypes.Int32).Masked().Save(Path.Combine(folder, "textual.onnx"));
        Image().Named("pixel_values", "output").Save(Path.Combine(folder, "visual.onnx"));
        CopyVocabulary(folder);
    }

    private static void WeightsApart(string folder)
    {
        Text().Named("input_ids", "output").Taking(OnnxTypes.Int32).Masked().SaveApart(Path.Combine(folder, "textual.onnx"), "textual.weights");
        Image().Named("pixel_values", "output").SaveApart(Path.Combine(folder, "visual.onnx"), "visual.weights");
        CopyVocabulary(folder);
    }

    private static void Roboflow(string folder)
    {
        Text().Named("input.1", "4012").Taking(OnnxTypes.Int32).Save(Path.Combine(folder, "textual.onnx"));
        Image().Named("input", "1834").Save(Path.Combine(folder, "visual.onnx"));
        CopyVocabulary(folder);
    }

    private static void Transformers(string folder)
    {
        Text().Named("input_ids", "text_embeds").Masked().WithHiddenState().Save(Path.Combine(folder, "onnx", "text_model.onnx"));
        Image().Named("pixel_values", "image_embeds").WithHiddenState().Save(Path.Combine(folder, "onnx", "vision_model.onnx"));
        Configuration(folder);
    }

    private static void Joint(string folder)
    {
        GraphRecipe.Joined(Text().Named("input_ids", "text").Masked(), Image().Named("pixel_values", "image"), Scale).Save(Path.Combine(folder, "onnx", "model.onnx"));
        Configuration(folder);
    }

    private static void JointApart(string folder)
    {
        GraphRecipe.Joined(Text().Named("input_ids", "text").Masked(), Image().Named("pixel_values", "image"), Scale).SaveApart(Path.Combine(folder, "onnx", "model.onnx"), "model.onnx_data");
        Configuration(folder);
    }

    private static void Configuration(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"model_type":"clip","projection_dim":512,"text_config":{"max_position_embeddings":77},"vision_config":{"image_size":224}}""");
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), """{"crop_size":{"height":224,"width":224},"size":{"shortest_edge":224},"resample":3,"do_convert_rgb":true,"rescale_factor":0.00392156862745098,"image_mean":[0.48145466,0.4578275,0.40821073],"image_std":[0.26862954,0.26130258,0.27577711],"image_processor_type":"CLIPImageProcessor"}""");
        WriteTokenizerJson(Path.Combine(folder, "tokenizer.json"), pairs: true);
    }

    private static void Qdrant(string folder)
    {
        Text().Named("input_ids", "text_embeds").Masked().Save(Path.Combine(folder, "clip-ViT-B-32-text", "model.onnx"));
        Image().Named("pixel_values", "image_embeds").Save(Path.Combine(folder, "clip-ViT-B-32-vision", "model.onnx"));
        WriteTokenizerJson(Path.Combine(folder, "clip-ViT-B-32-text", "tokenizer.json"), pairs: false);
        File.WriteAllText(Path.Combine(folder, "clip-ViT-B-32-vision", "preprocessor_config.json"), """{"crop_size":224,"size":224,"resample":3,"image_mean":[0.48145466,0.4578275,0.40821073],"image_std":[0.26862954,0.26130258,0.27577711]}""");
    }

    private static void Immich(string folder)
    {
        Text().Named("text", "text_embedding").Taking(OnnxTypes.Int32).FixedTo(1).Save(Path.Combine(folder, "textual", "model.onnx"));
        Image().Named("image", "image_embedding").FixedTo(1).Save(Path.Combine(folder, "visual", "model.onnx"));
        OpenClip(folder);
    }

    private static void ImmichBytes(string folder)
    {
        Text().Named("text", "text_embedding").Taking(OnnxTypes.Int32).FixedTo(1).Save(Path.Combine(folder, "textual", "model.onnx"));
        Image().Named("image", "image_embedding").TakingBytes(ClipImageSpec.OpenAi.Mean, ClipImageSpec.OpenAi.Std).Save(Path.Combine(folder, "visual", "model.onnx"));
        OpenClip(folder);
    }

    private static void OpenClip(string folder)
    {
        WriteTokenizerJson(Path.Combine(folder, "textual", "tokenizer.json"), pairs: true);
        File.WriteAllText(Path.Combine(folder, "textual", "tokenizer_config.json"), """{"model_max_length":77,"pad_token":"<|endoftext|>"}""");
        File.WriteAllText(Path.Combine(folder, "visual", "preprocess_cfg.json"), """{"size":[224,224],"mode":"RGB","mean":[0.48145466,0.4578275,0.40821073],"std":[0.26862954,0.26130258,0.27577711],"interpolation":"bicubic","resize_mode":"shortest","fill_color":0}""");
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"embed_dim":512,"vision_cfg":{"image_size":224,"layers":12,"width":768,"patch_size":32},"text_cfg":{"context_length":77,"vocab_size":49408}}""");
    }

    private static void Marqo(string folder, string prefix, bool half)
    {
        var (text, image) = (Text().Named("input", "output").WithAxis(0), Image().Named("input", "output").WithAxis(1));
        if (half)
        {
            text.Giving(OnnxTypes.Half);
            image.Taking(OnnxTypes.Half).Giving(OnnxTypes.Half);
        }

        text.Save(Path.Combine(folder, $"{prefix}-open_clip-ViT-B-32-textual.onnx"));
        image.Save(Path.Combine(folder, $"{prefix}-open_clip-ViT-B-32-visual.onnx"));
        CopyVocabulary(folder);
    }

    private static void ClipOnnx(string folder)
    {
        Text().Named("input", "output").Taking(OnnxTypes.Int32).Save(Path.Combine(folder, "clip_textual.onnx"));
        Image().Named("input", "output").Save(Path.Combine(folder, "clip_visual.onnx"));
        CopyVocabulary(folder);
    }

    private static void Lakera(string folder)
    {
        Text().Named("TEXT", "EMBEDDINGS").Save(Path.Combine(folder, "clip_text_model_vitb32.onnx"));
        Image().Named("IMAGE", "EMBEDDINGS").Save(Path.Combine(folder, "clip_image_model_vitb32.onnx"));
        CopyVocabulary(folder);
    }

    private static void Tidy(string folder)
    {
        Text().Named("input_ids", "output").Taking(OnnxTypes.Int32).Masked().FixedTo(1).Save(Path.Combine(folder, "textual_quant.onnx"));
        Image().Named("pixel_values", "output").FixedTo(1).Save(Path.Combine(folder, "visual_quant.onnx"));
        CopyVocabulary(folder);
    }
}
