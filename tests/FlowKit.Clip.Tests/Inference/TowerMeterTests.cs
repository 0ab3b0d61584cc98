using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowKit.Imaging;

namespace FlowKit.Clip.Inference;

/// <summary>What is counted of a model's runs.</summary>
public sealed class TowerMeterTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, long Value, string? Tower)> _counted = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public TowerMeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FlowKit" && instrument.Name is "flowkit.clip.model.calls" or "flowkit.clip.tokens" or "flowkit.clip.pixels")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };

        // Other tests run beside this one: only what happens on this thread counts.
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == _thread)
            {
                _counted.Enqueue((instrument.Name, value, tags.Length > 1 ? (string?)tags[1].Value : null));
            }
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Texts_count_as_the_tokens_before_their_padding()
    {
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { MaxBatch = 8 });
        model.EncodeTexts(["warm"]);
        _counted.Clear();

        string[] texts = ["red", "a photo of a red pear"];
        var lengths = texts.Sum(text => (long)model.Tokenizer.Encode(text).Length);
        model.EncodeTexts(texts);

        Assert.Equal(lengths, _counted.Where(counted => counted.Name == "flowkit.clip.tokens").Sum(counted => counted.Value));
        Assert.Contains(("flowkit.clip.model.calls", 1, "text"), _counted);
        Assert.All(_counted.Where(counted => counted.Name == "flowkit.clip.model.calls"), call => Assert.Equal((1, "text"), (call.Value, call.Tower)));
    }

    [Fact]
    public void Pictures_count_as_the_pixels_that_the_tower_takes_and_each_run_as_one()
    {
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { MaxBatch = 2 });
        var picture = ImageEncoder.EncodePng(RgbImage.Filled(40, 30, 200, 30, 30)).AsMemory();
        model.EncodeImages([picture]);
        _counted.Clear();

        model.EncodeImages([picture, picture, picture]);

        var side = model.Folder.Card.ImageSize;
        Assert.Equal(3L * side * side, _counted.Where(counted => counted.Name == "flowkit.clip.pixels").Sum(counted => counted.Value));
        Assert.Equal(["image", "image"], _counted.Where(counted => counted.Name == "flowkit.clip.model.calls").Select(call => call.Tower));
    }
}
