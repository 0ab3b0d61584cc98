using System.Globalization;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Whatever bit of the file flips and wherever it ends: no answer is wrong without a word.</summary>
public sealed class BitFlipTests : IDisposable
{
    private const int Documents = 400;
    private const int Dimension = 128;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_200_flipped_bits_and_truncations_none_is_a_wrong_answer_that_nobody_is_told()
    {
        var whole = await MakeAsync();
        var random = new Random(20);
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 200; i++)
        {
            var damaged = whole.AsSpan().ToArray();
            if (i % 8 == 0)
            {
                damaged = damaged[..random.Next(1, damaged.Length)];
            }
            else
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            var outcome = await OutcomeAsync(damaged, $"damage {i}");
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        Assert.True(outcomes.GetValueOrDefault("told") + outcomes.GetValueOrDefault("refused") > 100, string.Join(", ", outcomes));
    }

    [Fact]
    public async Task A_bit_of_a_vector_that_flips_is_told_with_its_document_which_is_left_out()
    {
        var whole = await MakeAsync();
        var vector = System.Runtime.InteropServices.MemoryMarshal.AsBytes(Vector(7).AsSpan()).ToArray();

        // Pages that were split leave copies of rows behind that nobody reads.
        for (var at = whole.AsSpan().IndexOf(vector); at >= 0; at = whole.AsSpan().IndexOf(vector))
        {
            whole[at + 3] ^= 0x40;
        }

        Write(whole);
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);

        Assert.Equal(["d7"], index.Status.GetProperty("damaged").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(Documents - 1, index.Count);
        Assert.DoesNotContain("d7", index.Ids(Doc("q", Vector(7)), 400));
        index.Index(Doc("d7", Vector(7)));
        Assert.Equal("d7", index.Ids(Doc("q", Vector(7)), 1).Single());
    }

    [Fact]
    public async Task A_document_that_is_damaged_while_the_index_is_open_is_left_out_of_the_answer()
    {
        await MakeAsync();
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        await using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.At("index.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "UPDATE rows SET document = CAST(replace(CAST(document AS TEXT), 'text of d9', 'lies of d9') AS BLOB) WHERE id = 'd9'";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        index.Index(Doc("new", Vector(1000)));
        Assert.NotEqual("d9", index.Ids(Doc("q", Vector(9)), 1).Single());
        Assert.Equal(["d9"], index.Status.GetProperty("damaged").EnumerateArray().Select(id => id.GetString()));
    }

    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private async Task<byte[]> MakeAsync()
    {
        await using (var index = await IndexUnderTest.OpenAsync(_folder.Path))
        {
            index.Index([.. Enumerable.Range(0, Documents).Select(i => Doc($"d{i}", Vector(i)))]);
            index.Delete("d399");
            index.Index(Doc("d399", Vector(399)));
        }

        return await File.ReadAllBytesAsync(_folder.At("index.db"));
    }

    private void Write(byte[] bytes)
    {
        File.WriteAllBytes(_folder.At("index.db"), bytes);
        File.Delete(_folder.At("index.db-wal"));
        File.Delete(_folder.At("index.db-shm"));
    }

    private async Task<string> OutcomeAsync(byte[] bytes, string damage)
    {
        Write(bytes);
        try
        {
            await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
            var wrong = Enumerable.Range(0, Documents).Count(i => !IsRight(index, i));
            var (damaged, lost) = (index.Status.GetProperty("damaged").GetArrayLength(), index.Status.GetProperty("lost").GetInt64());
            Assert.True(wrong <= damaged + lost, $"{damage}: {wrong} wrong answers, {damaged} damaged and {lost} lost documents told");
            return damaged + lost > 0 ? "told" : "harmless";
        }
        catch (FlowKitException exception) when (exception.Error.Code is FlowErrorCode.DataLoss or FlowErrorCode.FailedPrecondition)
        {
            Assert.Contains("index.db", exception.Message, StringComparison.Ordinal);
            return "refused";
        }
    }

    private static bool IsRight(IndexUnderTest index, int number)
    {
        var found = index.Search(Doc("q", Vector(number)), 1, embeddings: true).Matches;
        return found is [var match] && match.Id == $"d{number.ToString(CultureInfo.InvariantCulture)}"
            && match.Text == $"text of {match.Id}" && match.Embedding!.ToFloats().SequenceEqual(Vector(number));
    }
}
