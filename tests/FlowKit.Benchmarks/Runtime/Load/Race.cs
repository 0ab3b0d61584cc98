namespace FlowKit.Benchmarks.Runtime;

/// <summary>Contenders that take turns (ABAB…) in one process, so that whatever else the machine does disturbs all of them alike.</summary>
internal sealed class Race
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan s_shortTurn = TimeSpan.FromMilliseconds(400);
    private readonly Dictionary<string, List<Turn>> _turns = [];

    private Race(int documents) => Documents = documents;

    /// <summary>How many documents each request has.</summary>
    public int Documents { get; }

    /// <summary>Warms every contender up, then lets them take turns, and prints each one's figures for a document.</summary>
    public static Task<Race> RunAsync(string title, int repeats, int documents, params Contender[] contenders) =>
        RunAsync(title, repeats, documents, s_shortTurn, contenders);

    /// <summary>The same with turns of another length.</summary>
    public static async Task<Race> RunAsync(string title, int repeats, int documents, TimeSpan turn, params Contender[] contenders)
    {
        var race = new Race(documents);
        foreach (var contender in contenders)
        {
            race._turns.Add(contender.Name, []);
            for (var spent = TimeSpan.Zero; spent < s_warmUp; spent += turn)
            {
                await contender.RunAsync(turn);
            }
        }

        for (var i = 0; i < repeats; i++)
        {
            foreach (var contender in contenders)
            {
                race._turns[contender.Name].Add(await Turn.OfAsync(() => contender.RunAsync(turn)));
            }
        }

        race.Print(title);
        return race;
    }

    /// <summary>The median over the turns of how much time of one contender is that of another.</summary>
    public double Time(string ours, string reference) => MedianOf(ours, reference, one => one.Nanoseconds);

    /// <summary>The same of the time of the cores.</summary>
    public double Processor(string ours, string reference) => MedianOf(ours, reference, one => one.ProcessorNanoseconds);

    /// <summary>Managed bytes of one request.</summary>
    public double BytesPerRequest(string name) => Ratio.Median(_turns[name].Select(one => one.Bytes));

    /// <summary>Nanoseconds of one request.</summary>
    public double Nanoseconds(string name) => Ratio.Median(_turns[name].Select(one => one.Nanoseconds));

    /// <summary>Nanoseconds of the cores for one request.</summary>
    public double ProcessorNanoseconds(string name) => Ratio.Median(_turns[name].Select(one => one.ProcessorNanoseconds));

    private double MedianOf(string ours, string reference, Func<Turn, double> figure) =>
        Ratio.Median(_turns[ours].Zip(_turns[reference], (left, right) => figure(left) / figure(right)));

    private void Print(string title)
    {
        Report.Line($"-- {title}: {Documents} documents a request, {_turns.Values.First().Count} turns, load average {Report.Load}");
        foreach (var (name, turns) in _turns)
        {
            var wall = turns.ConvertAll(one => one.Nanoseconds / Documents);
            Report.Line($"{name,-34} {Ratio.Median(wall),9:0.0} ns/doc (min {wall.Min():0.0} max {wall.Max():0.0}), cores {ProcessorNanoseconds(name) / Documents:0.0} ns/doc, {BytesPerRequest(name):0} B/request");
        }
    }
}
