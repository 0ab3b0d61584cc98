using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class ConcurrentIndexTests
{
    /// <summary>Writers turn each document between two states, vector and text together; a reader must see one or the other.</summary>
    [Fact]
    public async Task Searches_beside_writes_never_see_half_a_write()
    {
        using var folder = new TestFolder();
        await using var one = await IndexUnderTest.OpenAsync(folder.Path);
        await using var two = await IndexUnderTest.OpenAsync(folder.Path);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        one.Index([.. Enumerable.Range(0, 8).Select(i => State(i, 0))]);
        var writers = Enumerable.Range(0, 4).Select(i => OnItsOwnThread(() => Write(i % 2 == 0 ? one : two, i, stop.Token)));
        var readers = Enumerable.Range(0, 4).Select(i => OnItsOwnThread(() => Read(i % 2 == 0 ? one : two, stop.Token)));
        var counts = await Task.WhenAll(writers.Concat(readers));
        Assert.All(counts, count => Assert.True(count > 0));
    }

    /// <summary>The thread pool would let some of these loops wait until others end.</summary>
    private static Task<int> OnItsOwnThread(Func<int> loop) => Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Document State(int number, int turn)
    {
        var document = new Document($"d{number}") { Embedding = NdArray.Wrap(Vector(number, turn)) };
        document.Tags["state"] = turn;
        return document;
    }

    private static float[] Vector(int number, int turn)
    {
        var vector = new float[16];
        (vector[number], vector[15]) = (1, turn == 0 ? 0.5f : -0.5f);
        return vector;
    }

    private static int Write(IndexUnderTest index, int number, CancellationToken stop)
    {
        var turn = 0;
        for (; !stop.IsCancellationRequested; turn++)
        {
            index.Index(State(number, turn % 2), State(number + 4, turn % 2));
            index.Index(Doc($"extra{number}", Vector(number, 1)));
            index.Delete($"extra{number}");
        }

        return turn;
    }

    private static int Read(IndexUnderTest index, CancellationToken stop)
    {
        var searches = 0;
        for (; !stop.IsCancellationRequested; searches++)
        {
            var number = searches % 8;
            var query = index.Search(Doc("q", Vector(number, searches / 8 % 2)), 20, embeddings: true);
            Assert.Null(query.Error);
            Assert.Equal(8, query.Matches.Count(match => match.HasTags));
            foreach (var match in query.Matches.Where(match => match.HasTags))
            {
                var state = match.Tags["state"]!.GetValue<int>();
                var vector = Vector(int.Parse(match.Id[1..], System.Globalization.CultureInfo.InvariantCulture), state);
                Assert.Equal(vector, match.Embedding!.ToFloats());
                Assert.Equal(Clip.ClipScoring.Cosine(vector, query.Embedding!.ToFloats()), match.Scores["cosine"].Value, 1e-5f);
            }
        }

        return searches;
    }
}
