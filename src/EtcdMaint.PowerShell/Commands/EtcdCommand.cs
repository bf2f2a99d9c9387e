using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>A cmdlet that talks to clusters: time limits, running the engine, and its errors as PowerShell's.</summary>
public abstract class EtcdCommand : PSCmdlet
{
    private protected const int DefaultTimeoutSeconds = 15;

    private readonly CancellationTokenSource _stop = new();

    private PipelinePump? _pump;

    /// <summary>How long one call to a member may take, in seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = DefaultTimeoutSeconds;

    private protected virtual TimeSpan CallTimeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>Refuses empty values on the command line before the pipeline starts.</summary>
    protected override void BeginProcessing()
    {
        if (NarrowingAttribute.FindEmpty(this) is { } parameter)
            ThrowTerminatingError(EmptyError(parameter).ToErrorRecord());
    }

    /// <summary>Tells the work in hand to end at the next point where it is safe.</summary>
    protected override void StopProcessing() => _ = _stop.CancelAsync();

    /// <summary>The error for a narrowing parameter without a value.</summary>
    private protected virtual EtcdException EmptyError(string parameter) => InputErrors.ParameterEmpty(parameter);

    private protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Runs the work to its end; an <see cref="EtcdException"/> that it throws ends the cmdlet.</summary>
    private protected void Run(Func<PipelinePump, CancellationToken, Task> work)
    {
        PipelinePump pump = _pump = new PipelinePump(this, _stop);
        Task done = pump.Run(work);
        if (pump.WasCut)
            OnPipelineStopped();

        pump.ThrowIfBroken();
        try
        {
            done.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (EtcdException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }

    /// <summary>Runs a check of the arguments; an <see cref="EtcdException"/> that it throws ends the cmdlet.</summary>
    private protected void Check(Action check)
    {
        try
        {
            check();
        }
        catch (EtcdException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }

    /// <summary>A user's rule as running work can ask it: the script itself runs on the pipeline thread.</summary>
    private protected Func<EtcdMemberStatus, Task<bool>> AskRule(ScriptBlock script)
    {
        var rule = new MemberRule(script);
        return status => _pump!.AskAsync(() => rule.Holds(status));
    }

    /// <summary>
    /// Called when the work is over but the pipeline stopped listening meanwhile. Only the host can still be told.
    /// </summary>
    private protected virtual void OnPipelineStopped() { }
}
