using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// The base of all cmdlets that use clusters. It provides time limits, runs the engine, and converts errors of the
/// engine to those of PowerShell.
/// </summary>
public abstract class EtcdCommand : PSCmdlet
{
    private protected const int DefaultTimeoutSeconds = 15;

    private readonly CancellationTokenSource _stop = new();

    private PipelinePump? _pump;

    /// <summary>The time limit of one call to a member, in seconds.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = DefaultTimeoutSeconds;

    private protected virtual TimeSpan CallTimeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>Rejects empty values on the command line before the pipeline starts.</summary>
    protected override void BeginProcessing()
    {
        if (NarrowingAttribute.FindEmpty(this) is { } parameter)
            ThrowTerminatingError(EmptyError(parameter).ToErrorRecord());
    }

    /// <summary>Asks the running work to end at its next safe point.</summary>
    protected override void StopProcessing() => _ = _stop.CancelAsync();

    /// <summary>Returns the error for a narrowing parameter without a value.</summary>
    private protected virtual EtcdException EmptyError(string parameter) => InputErrors.ParameterEmpty(parameter);

    /// <summary>Returns what sums up the rows of the cmdlet in one line at its end, or null for no such line.</summary>
    private protected virtual PipelineSummary? NewSummary() => null;

    private protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Runs the work to its end. If it throws an <see cref="EtcdException"/>, the cmdlet ends.</summary>
    private protected void Run(Func<PipelinePump, CancellationToken, Task> work)
    {
        PipelineSummary? summary = NewSummary();
        PipelinePump pump = _pump = new PipelinePump(this, _stop) { OnRow = summary is null ? null : summary.Add };
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
        summary?.WriteTo(this);
    }

    /// <summary>Checks the arguments. If the check throws an <see cref="EtcdException"/>, the cmdlet ends.</summary>
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

    /// <summary>
    /// Returns a function that evaluates the rule of the user. The script runs on the pipeline thread.
    /// </summary>
    private protected Func<EtcdMemberStatus, Task<bool>> AskRule(ScriptBlock script)
    {
        var rule = new MemberRule(script);
        return status => _pump!.AskAsync(() => rule.Holds(status));
    }

    /// <summary>
    /// Called after the work has ended if the pipeline was stopped. Only the host can still show messages.
    /// </summary>
    private protected virtual void OnPipelineStopped() { }
}
