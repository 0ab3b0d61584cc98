namespace FlowKit.Clip.Models.Hub;

/// <summary>Lists the files of a model in a hub's repository.</summary>
internal static class HubLayout
{
    private static readonly string[] PlainOptional =
    [
        "tokenizer.json",
        "merges.txt",
        "vocab.json",
        "vocab.txt",
        "spiece.model",
        "sentencepiece.bpe.model",
        "preprocessor_config.json",
        "config.json",
    ];

    /// <summary>The files of a layout: those that must be there, and those that may.</summary>
    /// <exception cref="FlowKitException">A layout that is not known.</exception>
    internal static (IReadOnlyList<string> Needed, IReadOnlyList<string> Optional) Files(ClipHubSource source, string? variant)
    {
        var suffix = variant switch
        {
            null or "fp32" => "",
            "int8" => "_quantized",
            _ => "_" + variant,
        };
        return source.Layout switch
        {
            "transformers" => (
                [$"onnx/text_model{suffix}.onnx", $"onnx/vision_model{suffix}.onnx", "tokenizer.json", "preprocessor_config.json"],
                ["config.json", "tokenizer_config.json"]),
            "immich" => (
                [$"textual/model{suffix}.onnx", $"visual/model{suffix}.onnx", "textual/tokenizer.json", "visual/preprocess_cfg.json"],
                ["config.json", "textual/tokenizer_config.json"]),
            "plain" => ([$"textual{suffix}.onnx", $"visual{suffix}.onnx"], PlainOptional),
            _ => throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The hub layout is '{source.Layout}'; expected transformers, immich or plain."),
        };
    }
}
