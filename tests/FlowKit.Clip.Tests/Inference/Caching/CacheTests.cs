using System.Diagnostics.Metrics;
using FlowKit.Clip.Inference.Caching;
using FlowKit.Imaging;

namespace FlowKit.Clip.Tests;

public sealed class CacheTests
{
    private static readonly byte[] Picture = ImageEncoder.EncodePng(RgbImage.Filled(40, 30, 200, 30, 30));

    [Fact]
    public void A_text_seen_before_comes_from_the_cache_and_the_meter_says_so()
    {
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { TextCacheBytes = 1 << 20 });
        using var meter = new Counted("text");
        var first = model.EncodeTexts(["red", "blue"]);
        var second = model.EncodeTexts(["blue", "green", "RED "]);
        Assert.Equal(first[1], second[0]);
        Assert.Equal(first[0], second[2]);
        Assert.Equal((2, 3), (meter.Hits, meter.Misses));
    }

    [Fact]
    public void A_picture_seen_before_comes_from_the_cache_unless_it_is_decoded_otherwise()
    {
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { ImageCacheBytes = 1 << 20 });
        using var meter = new Counted("image");
        var first = model.EncodeImages([Picture.AsMemory()])[0];
        Assert.Equal(first, model.EncodeImages([Picture.AsMemory()])[0]);
        Assert.Equal((1, 1), (meter.Hits, meter.Misses));
        model.EncodeImages([Picture.AsMemory()], PreprocessingMode.Fast);
        model.EncodeImages([Picture.AsMemory()], options: new ImageDecodeOptions { Orientation = ExifOrientation.Apply });
        Assert.Equal((1, 3), (meter.Hits, meter.Misses));
    }

    [Fact]
    public void What_a_caller_does_to_an_embedding_does_not_reach_the_cache()
    {
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { TextCacheBytes = 1 << 20 });
        var first = model.EncodeTexts(["red"])[0];
        var kept = first.ToArray();
        ClipScoring.Normalise(first);
        var second = model.EncodeTexts(["red"])[0];
        Assert.Equal(kept, second);
        second[0] = 99;
        Assert.Equal(kept, model.EncodeTexts(["red"])[0]);
    }

    [Fact]
    public void A_cache_keeps_what_was_used_last_and_no_more_bytes_than_it_may()
    {
        var cache = new EmbeddingCache("text", 3 * (200 + 400));
        var keys = Enumerable.Range(0, 5).Select(static i => ContentKey.Of([(byte)i], 0)).ToArray();
        for (var i = 0; i < 4; i++)
        {
            cache.Add(keys[i], new float[100]);
            cache.Find(keys[0]);
        }

        Assert.Equal(3, cache.Count);
        Assert.NotNull(cache.Find(keys[0]));
        Assert.Null(cache.Find(keys[1]));
        cache.Add(keys[4], new float[100_000]);
        Assert.Null(cache.Find(keys[4]));
        cache.Clear();
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Whoever_listens_late_is_told_of_all_bytes_that_are_held()
    {
        var cache = new EmbeddingCache("late", 1 << 20);
        cache.Add(ContentKey.Of("a"u8, 0), new float[100]);
        List<long> told = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "FlowKit", Name: "flowkit.clip.cache.bytes" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags[0].Value as string == "late")
            {
                told.Add(value);
            }
        });
        listener.Start();

        listener.RecordObservableInstruments();
        cache.Clear();
        listener.RecordObservableInstruments();

        Assert.InRange(told[0], 400, 1000);
        Assert.Equal(0, told[1]);
    }

    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private long _hits;
        private long _misses;

        internal Counted(string kind)
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "FlowKit" && instrument.Name.StartsWith("flowkit.clip.cache", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };

            // Other tests run beside this one: only what happens on this thread counts.
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (tags[0].Value as string == kind && Environment.CurrentManagedThreadId == _thread)
                {
                    _hits += instrument.Name.EndsWith("hits", StringComparison.Ordinal) ? value : 0;
                    _misses += instrument.Name.EndsWith("misses", StringComparison.Ordinal) ? value : 0;
                }
            });
            _listener.Start();
        }

        internal long Hits => _hits;

        internal long Misses => _misses;

        public void Dispose() => _listener.Dispose();
    }
}
