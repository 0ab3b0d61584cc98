namespace FlowKit.Clip;

/// <summary>Recognises the files of a model whose folder has no card, in the layouts that are in use.</summary>
internal static class FolderLayout
{
    private static readonly string[] Folders = ["", "onnx"];

    private static readonly string[] Visual = ["visual.onnx", "vision_model.onnx", "visual/model.onnx", "clip_visual.onnx", "image_model.onnx", "clip_image_model_vitb32.onnx"];

    private static readonly string[] Textual = ["textual.onnx", "text_model.onnx", "textual/model.onnx", "clip_textual.onnx", "clip_text.onnx", "clip_text_model_vitb32.onnx"];

    private static readonly string[] Tokenizers = ["merges.txt", "tokenizer.json", "textual/tokenizer.json", "textual/merges.txt", "bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt"];

    /// <summary>The files found in <paramref name="folder"/>.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.NotFound"/>: neither tower, naming what was looked for.</exception>
    internal static ClipModelFiles Find(string folder)
    {
        var visual = First(folder, Visual);
        var textual = First(folder, Textual);
        if (visual is null && textual is null)
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The folder {folder} holds no CLIP model: looked for model.json, {string.Join(", ", Visual)}, {string.Join(", ", Textual)}, also under onnx/.");
        }

        var merges = First(folder, Tokenizers);
        var vocab = merges is not null && merges.EndsWith("merges.txt", StringComparison.Ordinal) ? Path.Combine(Path.GetDirectoryName(merges)!, "vocab.json") : null;
        return new ClipModelFiles
        {
            Visual = File(visual),
            Textual = File(textual),
            Merges = File(merges),
            Vocab = vocab is not null && System.IO.File.Exists(Path.Combine(folder, vocab)) ? new ClipModelFile(vocab) : null,
        };
    }

    /// <summary>The error for a text tower without any tokenizer file.</summary>
    internal static FlowKitException NoTokenizer(string folder) =>
        new(FlowErrorCode.NotFound, $"The model in {folder} has a text tower but no vocabulary: looked for {string.Join(", ", Tokenizers)}.");

    private static ClipModelFile? File(string? path) => path is null ? null : new ClipModelFile(path);

    private static string? First(string folder, string[] names) =>
        Folders.SelectMany(_ => names, static (sub, name) => Path.Combine(sub, name)).FirstOrDefault(name => System.IO.File.Exists(Path.Combine(folder, name)));
}
