using FlowKit.Clip.Onnx;

namespace FlowKit.Clip.Models;

/// <summary>
/// Recognises the files of a model whose folder has no card. Exporters agree on nothing but words: a file or its folder says visual, vision
/// or image, or text or textual; one that says neither is looked into; a suffix says how exact it is.
/// </summary>
internal static class FolderLayout
{
    private const int Depth = 2;

    private static readonly string[] Tokenizers =
        [
            "merges.txt",
            "tokenizer.json",
            "vocab.txt",
            "spiece.model",
            "sentencepiece.bpe.model",
            "tokenizer.model",
            "bpe_simple_vocab_16e6.txt.gz",
            "bpe_simple_vocab_16e6.txt",
        ];

    /// <summary>The files found in <paramref name="folder"/>.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="variant">The precision to take, or <see langword="null"/> for the most exact one.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.NotFound"/>: neither tower, or not in this precision; <see cref="FlowErrorCode.FailedPrecondition"/>: more
    /// than one file for a tower.
    /// </exception>
    internal static ClipModelFiles Find(string folder, string? variant = null)
    {
        var graphs = Graphs(folder);
        var (visual, textual) = (Choose(folder, graphs, ClipTowers.Image, variant), Choose(folder, graphs, ClipTowers.Text, variant));
        if (visual is null && textual is null)
        {
            throw graphs.Count == 0
                ? new FlowKitException(
                    FlowErrorCode.NotFound,
                    $"The folder {folder} holds no CLIP model:"
                    + $" looked for {ClipModelFolder.CardFile} and for *.onnx files whose name or folder says visual, vision or image,"
                    + " or textual or text (such as visual.onnx and textual.onnx, onnx/vision_model.onnx and onnx/text_model.onnx,"
                    + " visual/model.onnx and textual/model.onnx), or that hold both towers.")
                : new FlowKitException(
                    FlowErrorCode.NotFound,
                    $"The folder {folder} holds no {variant} files; there are:"
                    + $" {string.Join(", ", graphs.Select(static graph => graph.Path))}.");
        }

        var merges = Tokenizer(folder);
        var vocab = merges is not null && Path.GetFileName(merges) == "merges.txt"
            ? Path.Combine(Path.GetDirectoryName(merges)!, "vocab.json")
            : null;
        return new ClipModelFiles
        {
            Visual = AsFile(visual),
            Textual = AsFile(textual),
            Merges = AsFile(merges),
            Vocab = vocab is not null && File.Exists(Path.Combine(folder, vocab)) ? new ClipModelFile(vocab) : null,
        };
    }

    /// <summary>The precisions in which both towers, or the ones there are, lie in a folder.</summary>
    internal static IReadOnlyList<string> Variants(string folder) =>
        [.. Graphs(folder).Select(static graph => graph.Precision).Distinct().OrderBy(GraphPrecision.Order)];

    /// <summary>The error for a text tower without any tokenizer file.</summary>
    internal static FlowKitException NoTokenizer(string folder) =>
        new(
            FlowErrorCode.NotFound,
            $"The model in {folder} has a text tower but no vocabulary:"
            + $" looked for {string.Join(", ", Tokenizers)}, also in its subfolders.");

    private static List<GraphFile> Graphs(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = Depth,
            MatchCasing = MatchCasing.CaseInsensitive,
        };
        return [.. Directory.EnumerateFiles(folder, "*.onnx", options)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)
            .Select(path => new GraphFile(path, TowersOf(folder, path), GraphPrecision.Of(path)))];
    }

    /// <summary>Each word of the path from its end on: the file's own name counts before its folder's.</summary>
    private static ClipTowers TowersOf(string folder, string path)
    {
        foreach (var part in path.Split('/').Reverse())
        {
            var (visual, textual) = (Says(part, "visual", "vision", "image"), Says(part, "text"));
            if (visual != textual)
            {
                return visual ? ClipTowers.Image : ClipTowers.Text;
            }
        }

        var header = OnnxHeader.Read(Path.Combine(folder, path));
        return (header.TakesPixels ? ClipTowers.Image : ClipTowers.None) | (header.TakesIds ? ClipTowers.Text : ClipTowers.None);
    }

    private static bool Says(string part, params string[] words) =>
        words.Any(word => part.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A tower by itself rather than one in a graph with both; then the most exact; then the one nearest to the top.</summary>
    private static string? Choose(string folder, List<GraphFile> graphs, ClipTowers tower, string? variant)
    {
        var found = graphs
            .Where(graph => graph.Towers.HasFlag(tower) && (variant is null || graph.Precision == variant))
            .GroupBy(static graph => (
                Both: graph.Towers == ClipTowers.Both,
                Exactness: GraphPrecision.Order(graph.Precision),
                Depth: graph.Path.Count(static unit => unit == '/')))
            .MinBy(static group => group.Key)
            ?.ToList();
        return found switch
        {
            null => null,
            [var only] => only.Path,
            _ => throw Several(folder, found, tower),
        };
    }

    private static FlowKitException Several(string folder, List<GraphFile> found, ClipTowers tower)
    {
        var key = tower == ClipTowers.Image ? "visual" : "textual";
        return new FlowKitException(
            FlowErrorCode.FailedPrecondition,
            $"The folder {folder} has several files for one tower: {string.Join(", ", found.Select(static graph => graph.Path))}."
            + $" State which in {ClipModelFolder.CardFile}: \"files\": {{\"{key}\": {{\"path\": \"{found[0].Path}\"}}}}.");
    }

    /// <summary>The vocabulary in a folder, or in one of its folders.</summary>
    internal static string? Tokenizer(string folder)
    {
        string[] places =
        [
            "",
            .. Directory.EnumerateDirectories(folder).Select(static place => Path.GetFileName(place)).Order(StringComparer.Ordinal),
        ];
        return places
            .SelectMany(_ => Tokenizers, static (place, name) => Path.Combine(place, name))
            .FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
    }

    private static ClipModelFile? AsFile(string? path) => path is null ? null : new ClipModelFile(path);

    private sealed record GraphFile(string Path, ClipTowers Towers, string Precision);
}
