using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>
/// Gives executors devices. <c>gpus</c> goes before the executor's own <c>CUDA_VISIBLE_DEVICES</c>, and that before the one of this
/// process. All numbers are CUDA's ordinals in this process. Without any of them <c>cuda</c> is <c>cuda:0</c>, as CUDA has it.
/// </summary>
/// <remarks>
/// Of several devices each pod takes the next (<c>RR…</c>, <c>gpus</c>), or all take the first (a plain list), or all take the one
/// whose place <c>cuda:N</c> names.
/// </remarks>
/// <param name="inventory">The GPUs of this machine.</param>
/// <param name="visibleDevices"><c>CUDA_VISIBLE_DEVICES</c> of this process.</param>
/// <param name="deviceOrder"><c>CUDA_DEVICE_ORDER</c> of this process.</param>
internal sealed class GpuAllocator(GpuInventory inventory, string? visibleDevices = null, string? deviceOrder = null)
{
    private readonly VisibleGpus _gpus = inventory.Show(visibleDevices);

    /// <summary>
    /// Gives every executor its devices: those that name theirs first, then those that only count, so that these find free ones.
    /// </summary>
    /// <param name="requests">What the executors ask for, in the order of the flow.</param>
    public GpuPlan Allocate(IReadOnlyList<GpuRequest> requests)
    {
        var use = new DeviceUse(_gpus);
        var problems = new List<GpuProblem>();
        var turns = new Dictionary<string, GpuAssignment>(StringComparer.Ordinal);
        foreach (var request in requests.OrderBy(Counts))
        {
            turns[request.Executor] = Allocate(request, use, problems);
            use.Add(request, turns[request.Executor].Ordinals);
        }

        problems.AddRange(use.FindOverfull());
        if (MayBeRenumbered() && requests.FirstOrDefault(request => turns[request.Executor].Ordinals.Count > 0) is { } first)
        {
            problems.Add(new GpuProblem(first.Executor, IsError: false, "device: the GPUs are of different kinds and CUDA numbers the "
                + "fastest first; set CUDA_DEVICE_ORDER=PCI_BUS_ID so that cuda:N is the GPU N of nvidia-smi."));
        }

        return new GpuPlan(turns, problems);
    }

    private GpuAssignment Allocate(GpuRequest request, DeviceUse use, List<GpuProblem> problems)
    {
        if (!request.WantsGpu)
        {
            if (request.VisibleDevices is { } pinned && CudaVisibleDevices.IsRoundRobin(pinned))
            {
                problems.Add(
                    new GpuProblem(
                        request.Executor,
                        IsError: false,
                        $"env: {CudaVisibleDevices.Variable} is '{pinned}', but device is cpu, so that no GPU is used; say device: cuda."));
            }

            return GpuAssignment.Cpu;
        }

        try
        {
            return new GpuAssignment(Choose(request, use), request.Replicas);
        }
        catch (FlowKitException exception)
        {
            var mayFallBack = exception.Error.Code == FlowErrorCode.FailedPrecondition && request.Fallback == "cpu";
            problems.Add(
                new GpuProblem(
                    request.Executor,
                    !mayFallBack,
                    mayFallBack ? $"{exception.Message} It runs on the CPU, as fallback: cpu says." : exception.Message));
            return GpuAssignment.Cpu;
        }
    }

    private IReadOnlyList<int> Choose(GpuRequest request, DeviceUse use)
    {
        var place = ReadPlace(request.Device);
        if (request.Gpus is { } gpus)
        {
            return Pick(ChooseGpus(gpus, use), place, inTurn: true, $"gpus: {gpus}");
        }

        if (ChooseVisibleDevices(request) is not { } value)
        {
            return [Resolve((place ?? 0).ToString(CultureInfo.InvariantCulture), "device")];
        }

        var parsed = CudaVisibleDevices.Parse(value);
        var names = parsed.Select(_gpus.Count);
        var chosen = names.Select(name => Resolve(name, CudaVisibleDevices.Variable)).ToList();
        return parsed.InTurn && place > 0
            ? throw new FlowKitException(FlowErrorCode.InvalidArgument, $"device: {CudaVisibleDevices.Variable} '{value}' gives each "
                + $"replica one device, which is cuda or cuda:0 to it, so that {request.Device} names nothing.")
            : Pick(chosen, place, parsed.InTurn, $"{CudaVisibleDevices.Variable}: {value}");
    }

    /// <summary>
    /// Gets the executor's own <c>CUDA_VISIBLE_DEVICES</c>, or else the process's when it deals devices round robin;
    /// <see langword="null"/> when neither chooses.
    /// </summary>
    private string? ChooseVisibleDevices(GpuRequest request)
    {
        if (request.VisibleDevices is { } own && own != visibleDevices)
        {
            return own;
        }

        return visibleDevices is { } shared && CudaVisibleDevices.IsRoundRobin(shared) ? shared : null;
    }

    private IReadOnlyList<int> ChooseGpus(string value, DeviceUse use) => GpusOption.Parse(value) switch
    {
        { Count: { } count } when count > _gpus.Count =>
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"gpus: {value} are not there: {_gpus.Describe()}."),
        { Count: { } count } => use.Freest(count),
        { Names: { Count: > 0 } names } => [.. names.Select(name => Resolve(name, "gpus"))],
        _ => [.. Enumerable.Range(0, _gpus.Count)],
    };

    private IReadOnlyList<int> Pick(IReadOnlyList<int> chosen, int? place, bool inTurn, string source)
    {
        if (chosen.Count == 0)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"device: {source} leaves no device: {_gpus.Describe()}.");
        }

        if (place >= chosen.Count)
        {
            var left = string.Join(", ", chosen.Select(ordinal => $"cuda:{ordinal}"));
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"device: cuda:{place} is not there: {source} leaves {chosen.Count} ({left} of this process).");
        }

        return place is null && inTurn ? chosen : [chosen[place ?? 0]];
    }

    private int Resolve(string name, string key)
    {
        try
        {
            return _gpus.Find(name);
        }
        catch (FlowKitException exception)
        {
            throw new FlowKitException(exception.Error.Code, $"{key}: {exception.Message}", exception);
        }
    }

    private static int? ReadPlace(string device) => device switch
    {
        "cpu" or "cuda" => null,
        ['c', 'u', 'd', 'a', ':', .. var ordinal]
            when int.TryParse(ordinal, NumberStyles.None, CultureInfo.InvariantCulture, out var place) => place,
        _ => throw new FlowKitException(
            FlowErrorCode.InvalidArgument, $"device: '{device}' cannot be read; expected cpu, cuda or cuda:N."),
    };

    private static bool Counts(GpuRequest request) => int.TryParse(request.Gpus, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private bool MayBeRenumbered() =>
        deviceOrder != "PCI_BUS_ID"
            && Enumerable.Range(0, _gpus.Count).Select(ordinal => _gpus[ordinal].Name).Distinct(StringComparer.Ordinal).Count() > 1;
}
