using System.Diagnostics;
using FlowKit.Specs.Browsers;
using FlowKit.Specs.Running;
using Microsoft.Playwright;

namespace FlowKit.Specs.Dashboard;

/// <summary>What a person sees at the page while a worker elsewhere dies and a replica is killed, under mixed load.</summary>
public sealed class FaultStorySpecs : IAsyncLifetime
{
    private readonly WatchedFlow _watched = new() { ImageRuntime = ", runtime: process" };

    private Chromium? _chromium;

    public async Task InitializeAsync()
    {
        if (ChromiumFactAttribute.ExecutablePath is not null)
        {
            await _watched.InitializeAsync();
            _chromium = await Chromium.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
            await _watched.DisposeAsync();
        }
    }

    [ChromiumFact]
    public async Task A_replica_that_is_killed_comes_back_and_a_worker_elsewhere_that_is_killed_does_not_serve()
    {
        var page = await _chromium!.Browser.NewPageAsync();
        page.PageError += (_, error) => Assert.Fail(error);
        await page.GotoAsync($"{_watched.Flow.Address}#/flow");
        await WaitAsync(page, "image_encoder", "/^2 of 2 ready/.test(state)");
        await WaitAsync(page, "remote", "/^serves elsewhere/.test(state)");

        Kill(WorkersOf(_watched.Flow.Id)[0]);
        await Node(page, "image_encoder").ClickAsync();
        await page.WaitForFunctionAsync("() => Number(document.querySelector('#replicas tbody td:nth-child(4)')?.textContent) >= 1");
        await page.WaitForSelectorAsync("#last-errors li");
        await WaitAsync(page, "image_encoder", "/2 of 2 ready/.test(state)");

        await _watched.Worker.KillAsync();
        await WaitAsync(page, "remote", "/^does not serve/.test(state) && node.classList.contains('open')");
        await WaitAsync(page, "remote", "/^does not serve · .*fail$/.test(state)");
        await Node(page, "remote").ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#last-errors li')?.textContent.length > 0");
        await page.WaitForFunctionAsync("() => parseFloat([...document.querySelectorAll('#totals div')].find(total => total.textContent.startsWith('Failed')).querySelector('strong').textContent) > 0");

        // What does not go through the worker is served as before.
        await WaitAsync(page, "text_encoder", "/^1 of 1 ready/.test(state)");
        Assert.False(await page.EvaluateAsync<bool>("() => document.querySelector('#live').classList.contains('error')"));
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.At("artifacts", "screenshots", "flow-faults.png"), FullPage = true });

        await page.ClickAsync("#nav [data-view=requests]");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('#failed summary')].some(line => line.textContent.includes('in remote'))");
    }

    private static ILocator Node(IPage page, string name) =>
        page.Locator(".node", new PageLocatorOptions { Has = page.Locator(".title", new PageLocatorOptions { HasTextString = name }) }).First;

    /// <summary>Waits until the state of an executor is as it is to be.</summary>
    private static Task WaitAsync(IPage page, string name, string condition) => page.WaitForFunctionAsync(
        $$"""
        () => {
            const node = [...document.querySelectorAll('.node')].find(one => one.querySelector('.title')?.textContent === '{{name}}');
            const state = node?.querySelector('.state').textContent ?? '';
            return {{condition}};
        }
        """,
        null,
        new PageWaitForFunctionOptions { Timeout = 120_000 });

    private static List<int> WorkersOf(int flow) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => name!)
            .Where(process => ProcessTable.CommandOf(process).Contains("flowkit", StringComparison.Ordinal))
            .Where(process => ProcessTable.Read(process, "stat").Split(' ') is [_, _, _, var parent, ..] && parent == $"{flow}")
            .Select(int.Parse),
    ];

    private static void Kill(int process)
    {
        using var worker = Process.GetProcessById(process);
        worker.Kill();
    }
}
