using FlowKit.Clip;
using FlowKit.TestKit;

namespace FlowKit.Fuzz.Targets;

/// <summary>Model cards beside real files of a model: the model opens, or the error names what is wrong.</summary>
internal sealed class ModelCardTarget : FuzzTarget
{
    private readonly TempFolder _folder = new();
    private string _card = "";

    public override string Name => "card";

    public override IReadOnlyList<byte[]> Tokens { get; } =
        Split("\"name\": \"model\": \"dimension\": \"image_size\": \"mean\": \"std\": \"interpolation\": \"resize_mode\": \"tokenizer\": \"files\": \"visual\": \"path\": \"sha256\": \"bytes\": \"logit_scale\": "
            + "\"self_test\": \"checksums\": \"pooling\": \"context_length\": \"ViT-B-32::openai\" \"../..\" \"/etc/passwd\" 1e39 -1 0 null true [ ] { } , // /* */ \"\" \"embedding\": \"text\":");

    public override IEnumerable<Seed> Seeds() =>
    [
        new("empty", "{}"),
        new("whole", """{"name": "m", "revision": "2", "dimension": 64, "image_size": 64, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "interpolation": "bicubic", "resize_mode": "squash", "logit_scale": 30.5, "logit_bias": -1, "scoring": "sigmoid", "normalized": true, "fill_color": 3}"""),
        new("files", """{"name": "m", "files": {"visual": {"path": "visual.onnx", "bytes": 5}, "textual": {"path": "textual.onnx", "sha256": "00"}, "merges": {"path": "merges.txt"}}}"""),
        new("known", """{"model": "ViT-B-32::openai", "tokenizer": "bert"}"""),
        new("text", """{"tokenizer": "clip", "text_cleaning": "openai", "lower_case": false, "context_length": 32, "pad_id": 1, "pad_to_context": true, "pooling": "last", "activation": "quick_gelu"}"""),
        new("tests", """{"name": "m", "checksums": {"a": "b"}, "self_test": {"image": {"x": 1}, "text": {"y": 2}}, /* comment */ "description": "é",}"""),
    ];

    public override ValueTask StartAsync()
    {
        // Only headers of the graphs are read here, so links to the built-in model's files are as good as copies.
        var model = ClipModelFolder.Open("tiny-clip");
        foreach (var path in Directory.EnumerateFiles(model.FullPath).Where(path => Path.GetFileName(path) != ClipModelFolder.CardFile))
        {
            File.Copy(path, Path.Combine(_folder.Path, Path.GetFileName(path)));
        }

        _card = Path.Combine(_folder.Path, ClipModelFolder.CardFile);
        return ValueTask.CompletedTask;
    }

    public override void Run(byte[] input)
    {
        File.WriteAllBytes(_card, input);
        try
        {
            var model = ClipModelFolder.Open(_folder.Path);
            model.Card.CheckScale();
            model.Card.ToImageSpec();
        }
        catch (FlowKitException exception) when (exception.Error.Code != FlowErrorCode.Internal)
        {
        }
    }

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }
}
