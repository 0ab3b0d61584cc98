using System.Runtime.CompilerServices;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowKit.Components;

public sealed partial class ServiceTests
{
    private static readonly List<string> s_events = [];

    [Fact]
    public async Task A_constructor_mixes_options_with_loggers_time_and_the_programs_services()
    {
        using var logs = new CollectedLogs();
        await using var services = new ServiceCollection().AddSingleton<IGreeting>(new Greeting("Hello")).BuildServiceProvider();
        await using var flow = await TestFlow.StartAsync(Yaml("Greeter", "name: World"), new TestFlowOptions { Executors = [typeof(Greeter)], Services = services, Loggers = logs });

        Assert.Equal("Hello World 1", (await flow.PostAsync("/greet")).Results!["a/rep-0"]!.GetValue<string>());
        Assert.Contains("Information Greeted World", logs.Lines);
    }

    [Fact]
    public async Task An_options_class_stands_beside_services()
    {
        await using var services = new ServiceCollection().AddSingleton<IGreeting>(new Greeting("Hi")).BuildServiceProvider();
        await using var executor = await TestExecutor.StartAsync<WithOptionsAndService>(new { name = "you" }, services);

        Assert.Equal("Hi you", (await executor.Flow.PostAsync("/greet")).Results!["executor/rep-0"]!.GetValue<string>());
    }

    [Fact]
    public async Task Loggers_and_time_need_no_container()
    {
        await using var executor = await TestExecutor.StartAsync<OnlyBuiltIn>();
        Assert.Equal("executor True", (await executor.Flow.PostAsync("/show")).Results!["executor/rep-0"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_missing_service_is_told_before_anything_is_loaded()
    {
        var error = await Assert.ThrowsAsync<FlowConfigException>(() => TestFlow.StartAsync(Yaml("Greeter", "name: x"), typeof(Greeter)));
        Assert.Equal("flow.yml:4:11: uses: Greeter needs the service IGreeting (parameter 'greeting'), which this program does not have; register it with services.AddSingleton<IGreeting>(…)", error.Message);
    }

    [Fact]
    public async Task A_missing_service_of_a_method_is_told_as_well()
    {
        var error = await Assert.ThrowsAsync<FlowConfigException>(() => TestExecutor.StartAsync<PerCall>());
        Assert.Contains("uses: PerCall.Count needs the service Scoped (parameter 'first'), which this program does not have", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_keyed_service_is_told_by_its_key()
    {
        await using var services = new ServiceCollection().AddKeyedSingleton<IGreeting>("loud", new Greeting("HEY")).BuildServiceProvider();
        await using var executor = await TestExecutor.StartAsync<Keyed>(services: services);
        Assert.Equal("HEY", (await executor.Flow.PostAsync("/greet")).Results!["executor/rep-0"]!.GetValue<string>());

        var error = await Assert.ThrowsAsync<FlowConfigException>(() => TestExecutor.StartAsync<Keyed>());
        Assert.Contains("needs the keyed service 'loud' of type IGreeting", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_call_has_a_scope_of_its_own_and_a_replica_has_one_too()
    {
        s_events.Clear();
        await using var services = new ServiceCollection().AddScoped<Scoped>().BuildServiceProvider(validateScopes: true);
        var executor = await TestExecutor.StartAsync<PerCall>(services: services);

        var one = (await executor.Flow.PostAsync("/count")).Results!["executor/rep-0"]!.GetValue<string>();
        var two = (await executor.Flow.PostAsync("/count")).Results!["executor/rep-0"]!.GetValue<string>();
        Assert.Equal("same", one.Split(' ')[0]);
        Assert.NotEqual(one.Split(' ')[1], two.Split(' ')[1]);
        Assert.Equal(one.Split(' ')[2], two.Split(' ')[2]);
        Assert.Equal(2, s_events.Count(each => each == "disposed"));

        await executor.DisposeAsync();
        Assert.Equal(["disposed", "disposed", "executor", "disposed"], s_events);
    }

    [Fact]
    public async Task A_stream_keeps_its_scope_until_it_has_ended()
    {
        await using var services = new ServiceCollection().AddScoped<Scoped>().BuildServiceProvider();
        await using var executor = await TestExecutor.StartAsync<PerCall>(services: services);

        var texts = new List<string?>();
        await foreach (var document in executor.Flow.Runtime.StreamAsync(new Runtime.FlowRequest("/stream", [new Document()]), CancellationToken.None))
        {
            texts.Add(document.Text);
        }

        Assert.Equal(["alive", "alive", "alive"], texts);
    }

    [Fact]
    public async Task Of_several_constructors_the_marked_one_is_used()
    {
        await using var executor = await TestExecutor.StartAsync<Marked>(new { name = "b" });
        Assert.Equal("b", (await executor.Flow.PostAsync("/show")).Results!["executor/rep-0"]!.GetValue<string>());
    }

    private static string Yaml(string uses, string with) => $"jtype: Flow\nexecutors:\n  - name: a\n    uses: {uses}\n    uses_with: {{{with}}}\n";

    public interface IGreeting
    {
        string Word { get; }
    }

    public sealed record Greeting(string Word) : IGreeting;

    public sealed partial class Greeter(string name, IGreeting greeting, ILogger<Greeter> logger, TimeProvider time, int times = 1) : Executor
    {
        [Requests("/greet")]
        public string Greet()
        {
            Assert.NotNull(time);
            Greeted(logger, name);
            return $"{greeting.Word} {name} {times}";
        }

        [LoggerMessage(1, LogLevel.Information, "Greeted {Name}")]
        private static partial void Greeted(ILogger logger, string name);
    }

    public sealed class GreeterOptions
    {
        public string Name { get; set; } = "";
    }

    public sealed class WithOptionsAndService(IGreeting greeting, GreeterOptions options) : Executor
    {
        [Requests("/greet")]
        public string Greet() => $"{greeting.Word} {options.Name}";
    }

    public sealed class OnlyBuiltIn(ILogger logger, ILoggerFactory loggers, ExecutorContext context, IServiceProvider services) : Executor
    {
        [Requests("/show")]
        public string Show() => $"{context.Name} {logger is not null && loggers is not null && services is not null}";
    }

    public sealed class Keyed([FromKeyedServices("loud")] IGreeting greeting) : Executor
    {
        [Requests("/greet")]
        public string Greet() => greeting.Word;
    }

    public sealed class Scoped : IDisposable
    {
        private static int s_last;

        public int Number { get; } = Interlocked.Increment(ref s_last);

        public bool IsDisposed { get; private set; }

        public void Dispose()
        {
            IsDisposed = true;
            s_events.Add("disposed");
        }
    }

    public sealed class PerCall(Scoped own) : Executor
    {
        [Requests("/count")]
        public string Count([FromServices] Scoped first, [FromServices] Scoped second) => $"{(first == second ? "same" : "different")} {first.Number} {own.Number}";

        [Requests("/stream")]
        public async IAsyncEnumerable<Document> StreamAsync([FromServices] Scoped scoped, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var count = 0; count < 3; count++)
            {
                await Task.Delay(1, cancellationToken);
                yield return new Document { Text = scoped.IsDisposed ? "disposed" : "alive" };
            }
        }

        public override ValueTask DisposeAsync()
        {
            s_events.Add("executor");
            return base.DisposeAsync();
        }
    }

    public sealed class Marked : Executor
    {
        private readonly string _name;

        public Marked(int number) => _name = $"{number}";

        [ActivatorUtilitiesConstructor]
        public Marked(string name) => _name = name;

        [Requests("/show")]
        public string Show() => _name;
    }
}
