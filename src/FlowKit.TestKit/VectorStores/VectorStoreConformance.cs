using FlowKit.VectorStores;

namespace FlowKit.TestKit.VectorStores;

/// <summary>
/// The promises that every <see cref="IVectorStore"/> keeps, each as a test of its own: with xunit a theory over <see cref="Names"/>.
/// </summary>
/// <param name="open">Opens an empty store, anew for each test.</param>
public sealed class VectorStoreConformance(Func<CancellationToken, Task<IVectorStore>> open)
{
    private static readonly Dictionary<string, Func<IVectorStore, CancellationToken, Task>> s_cases = new(StringComparer.Ordinal)
    {
        ["an empty store finds nothing"] = WritingCases.EmptyAsync,
        ["what is written is found, nearest first, with its score"] = WritingCases.NearestFirstAsync,
        ["the same id replaces, and of one write the last is kept"] = WritingCases.ReplacesAsync,
        ["what is deleted by ids is gone, and may come again"] = WritingCases.DeletesAsync,
        ["any text is an id"] = WritingCases.OddIdsAsync,
        ["vectors of another kind are refused by name, and nothing is written"] = WritingCases.RefusesOtherKindsAsync,
        ["callers read what they have written"] = WritingCases.ReadYourWritesAsync,
        ["a snapshot comes back whole"] = WritingCases.SnapshotAsync,
        ["documents are got in the order of their ids"] = ReadingCases.GetAsync,
        ["only the selected fields come back"] = ReadingCases.FieldsAsync,
        ["a batch finds what its queries find one by one"] = ReadingCases.BatchAsync,
        ["equal scores come in the order of their ids"] = ReadingCases.TiesAsync,
        ["offsets make pages of one list without a repeat or a gap"] = ReadingCases.OffsetsAsync,
        ["a threshold cuts the list where its scores are worse"] = ReadingCases.ThresholdAsync,
        ["pages show each document once while others write"] = ReadingCases.ScrollAsync,
        ["filters give exactly what they hold for"] = FilterCases.FiltersAsync,
        ["filters that few documents match still fill the limit"] = FilterCases.SelectiveAsync,
        ["filters delete exactly what they hold for"] = FilterCases.DeleteAsync,
        ["filters see what was written after they were first used"] = FilterCases.FreshAsync,
        ["words find the documents that have them, best first"] = WordCases.FindsAsync,
        ["no sign among words is an operator, and no length breaks them"] = WordCases.SignsAsync,
        ["filters, pages and thresholds hold for words"] = WordCases.PagesAsync,
        ["words see what is written, replaced and deleted"] = WordCases.FreshAsync,
    };

    /// <summary>The names of the tests.</summary>
    public static IReadOnlyCollection<string> Names => s_cases.Keys;

    /// <summary>Runs a test.</summary>
    /// <param name="name">Its name, one of <see cref="Names"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="VectorStoreConformanceException">The store does not keep the promise.</exception>
    public async Task RunAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var store = await open(cancellationToken);
        await s_cases[name](store, cancellationToken);
    }
}
