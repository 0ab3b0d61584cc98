using FlowKit.Cli.Commands.Models;
using FlowKit.Clip.Models.Hub;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Specs.Progress;

/// <summary>The progress of downloads where no terminal is.</summary>
public sealed class PullLinesSpecs
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Every_ten_seconds_a_line_has_the_rate_and_the_time_left()
    {
        var lines = new PullLines(_time, _lines.Add);
        for (var second = 0; second <= 40; second++)
        {
            // 20 MB were here from before.
            lines.Add(new ClipPullProgress("model.onnx", 20_000_000 + (second * 2_000_000), 100_000_000));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        lines.Add(new ClipPullProgress("vocab.json", 3, 3));

        Assert.Equal(
            [
                "model.onnx: 40.0 of 100.0 MB, 2.0 MB/s, about 30 s left",
                "model.onnx: 60.0 of 100.0 MB, 2.0 MB/s, about 20 s left",
                "model.onnx: 80.0 of 100.0 MB, 2.0 MB/s, about 10 s left",
                "model.onnx: 100000000 bytes, 2.0 MB/s",
                "vocab.json: 3 bytes",
            ],
            _lines);
    }

    [Fact]
    public void Where_the_hub_does_not_say_how_much_there_is_the_rate_is_told()
    {
        var lines = new PullLines(_time, _lines.Add);
        lines.Add(new ClipPullProgress("model.onnx", 0, 0));
        _time.Advance(TimeSpan.FromSeconds(10));
        lines.Add(new ClipPullProgress("model.onnx", 5_000_000, 0));
        _time.Advance(TimeSpan.FromSeconds(10));
        lines.Add(new ClipPullProgress("model.onnx", 5_000_000, 9_000_000));

        Assert.Equal(["model.onnx: 5.0 MB, 0.5 MB/s", "model.onnx: 5.0 of 9.0 MB, 0.3 MB/s, about 16 s left"], _lines);
    }
}
