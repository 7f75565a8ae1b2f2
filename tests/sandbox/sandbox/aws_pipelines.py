"""A small CodePipeline: pipelines, executions, stages and approvals, driven by injected time alone.

It answers what AWS would answer and keeps what a test must count: who decided which token, how often,
and with which bytes. Nothing here knows HTTP.
"""

import uuid
from dataclasses import dataclass, field

REVISION_TYPES = {"ECR": {"IMAGE_DIGEST"}, "S3": {"S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"}}  # the others: COMMIT_ID
WORK_SECONDS = {"Source": 1.0, "Build": 4.0, "Deploy": 3.0, "Test": 2.0}


class AwsError(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


@dataclass
class Action:
    name: str
    category: str = "Build"
    provider: str = "CodeBuild"
    configuration: dict = field(default_factory=dict)
    seconds: float | None = None
    timeout: float = 7 * 86400
    fails: bool = False

    def type_id(self):
        return {"category": self.category, "owner": "AWS", "provider": self.provider, "version": "1"}

    def duration(self):
        return self.seconds if self.seconds is not None else WORK_SECONDS.get(self.category, 2.0)


@dataclass
class Stage:
    name: str
    actions: list


@dataclass
class Pipeline:
    name: str
    account: str
    region: str
    stages: list
    mode: str = "SUPERSEDED"
    variables: dict = field(default_factory=dict)

    @property
    def arn(self):
        return f"arn:aws:codepipeline:{self.region}:{self.account}:{self.name}"

    @property
    def key(self):
        return (self.account, self.region, self.name)


@dataclass
class ActionRun:
    stage: str
    action: Action
    id: str
    started: float
    changed: float
    status: str = "InProgress"
    token: str = ""
    summary: str = ""
    updated_by: str = ""
    error: dict | None = None


@dataclass
class Execution:
    id: str
    pipeline: Pipeline
    number: int
    trigger: dict
    started: float
    changed: float
    variables: dict
    revision: dict
    status: str = "InProgress"
    stage: int = -1  # index of the stage it is in; -1 before the first
    waiting: bool = True  # between stages
    runs: list = field(default_factory=list)

    def current_run(self):
        return self.runs[-1] if self.runs else None


@dataclass
class Put:
    """One PutApprovalResult that arrived with a valid signature."""

    token: str
    status: str
    summary: str
    caller: str
    effective: bool
    body: str


COMMITS = [
    ("a1b2c3d4e5f60718293a4b5c6d7e8f9001122334", "Fix cart rounding"),
    ("b2c3d4e5f60718293a4b5c6d7e8f90011223344a", "Show delivery dates"),
    ("c3d4e5f60718293a4b5c6d7e8f90011223344ab2", "Raise the upload limit to 20 MB"),
    ("d4e5f60718293a4b5c6d7e8f90011223344ab2c3", "Send receipts <in the customer's language> & zone"),
]


class CodePipeline:
    """All accounts at once; `emit(account, region, event)` is called with EventBridge events, `notify(topic,
    message)` with a manual approval's own SNS message."""

    def __init__(self, now, emit, notify, speed=1.0):
        self.now, self.emit, self.notify, self.speed = now, emit, notify, speed
        self.pipelines, self.executions, self.puts, self.tokens, self.starts = {}, [], [], {}, {}

    # --- the world -------------------------------------------------------------------------------
    def add(self, pipeline):
        self.pipelines[pipeline.key] = pipeline
        return pipeline

    def forget(self, pipeline):
        del self.pipelines[pipeline.key]
        self.tokens = {t: (e, r) for t, (e, r) in self.tokens.items() if e.pipeline is not pipeline}
        self.executions = [e for e in self.executions if e.pipeline is not pipeline]

    def pipeline(self, account, region, name):
        found = self.pipelines.get((account, region, name))
        if not found:
            raise AwsError("PipelineNotFoundException",
                           f"Account '{account}' does not have a pipeline with name '{name}'")
        return found

    def of(self, pipeline):
        return [e for e in self.executions if e.pipeline is pipeline]

    def execution(self, pipeline, execution_id):
        for e in self.of(pipeline):
            if e.id == execution_id:
                return e
        raise AwsError("PipelineExecutionNotFoundException",
                       f"The execution {execution_id} of {pipeline.name} was not found.")

    def start(self, pipeline, trigger, variables=None, token=None, revisions=None):
        if token and (pipeline.key, token) in self.starts:
            return self.starts[pipeline.key, token]
        unknown = set(variables or {}) - set(pipeline.variables)
        if unknown:
            raise AwsError("ValidationException", f"Unknown pipeline variables: {', '.join(sorted(unknown))}")
        _check_revisions(pipeline, revisions or [])
        number = len(self.of(pipeline)) + 1
        commit = COMMITS[(number - 1) % len(COMMITS)]
        wanted = next((r["revisionValue"] for r in revisions or [] if r["revisionType"] == "COMMIT_ID"), None)
        revision = {"id": wanted or commit[0], "summary": commit[1] if not wanted else "Chosen revision"}
        now = self.now()
        execution = Execution(str(uuid.uuid4()), pipeline, number, trigger, now, now,
                              {**pipeline.variables, **(variables or {})}, revision)
        self.executions.append(execution)
        if token:
            self.starts[pipeline.key, token] = execution
        self._pipeline_event(execution, "STARTED")
        self.tick()
        return execution

    # --- time ------------------------------------------------------------------------------------
    def tick(self):
        for execution in list(self.executions):
            if execution.status == "InProgress":
                self._advance(execution)

    def _advance(self, execution):
        for _ in range(50):  # more steps than any pipeline here has
            if execution.status != "InProgress":
                return
            if execution.waiting:
                if not self._enter_next(execution):
                    return
                continue
            run = execution.current_run()
            if run.status != "InProgress" or not self._work(execution, run):
                return

    def _work(self, execution, run):
        """True when the action ended in this step."""
        now = self.now()
        if run.action.category == "Approval":
            if now - run.started >= run.action.timeout:
                self._end_run(execution, run, "Failed", error={"code": "ApprovalTimedOut", "message": "timed out"})
                return True
            return False
        if now - run.started < run.action.duration() / self.speed:
            return False
        if run.action.fails:
            self._end_run(execution, run, "Failed",
                          error={"code": "JobFailed", "message": "Build terminated with state: FAILED"})
        else:
            run.summary = {"Source": execution.revision["summary"]}.get(run.action.category, "Deployment Succeeded")
            self._end_run(execution, run, "Succeeded")
        return True

    def _enter_next(self, execution):
        index = execution.stage + 1
        holder = self._holder(execution.pipeline, index)
        if execution.pipeline.mode != "PARALLEL":
            if any(e.waiting and e.stage == execution.stage and e.number < execution.number
                   and e.status == "InProgress" for e in self.of(execution.pipeline)):
                if execution.pipeline.mode == "QUEUED":
                    return False
                self._supersede_older(execution)
            if holder and not self._overtake(holder, execution):
                return False
        execution.stage, execution.waiting = index, False
        self._stage_event(execution, "STARTED")
        self._begin(execution, execution.pipeline.stages[index].actions[0])
        return True

    def _holder(self, pipeline, index):
        return next((e for e in self.of(pipeline)
                     if e.status == "InProgress" and e.stage == index and not e.waiting), None)

    def _supersede_older(self, execution):
        for older in self.of(execution.pipeline):
            if older.status == "InProgress" and older.waiting and older.stage == execution.stage \
                    and older.number < execution.number:
                self._finish(older, "Superseded")

    def _overtake(self, holder, newer):
        """SUPERSEDED: a newer run that reaches a stage takes it from an older one that waits for approval."""
        run = holder.current_run()
        if newer.pipeline.mode != "SUPERSEDED" or run.action.category != "Approval" or run.status != "InProgress":
            return False
        run.status, run.changed = "Abandoned", self.now()
        self.tokens.pop(run.token, None)
        self._finish(holder, "Superseded")
        return True

    def _begin(self, execution, action):
        now = self.now()
        run = ActionRun(execution.pipeline.stages[execution.stage].name, action, str(uuid.uuid4()), now, now)
        execution.runs.append(run)
        if action.category == "Approval":
            run.token = str(uuid.uuid4())
            self.tokens[run.token] = (execution, run)
            self._notify_approval(execution, run)
        self._action_event(execution, run, "STARTED")

    def _end_run(self, execution, run, status, error=None):
        run.status, run.changed, run.error = status, self.now(), error
        execution.changed = run.changed
        self.tokens.pop(run.token, None)
        self._action_event(execution, run, "SUCCEEDED" if status == "Succeeded" else "FAILED")
        if status != "Succeeded":
            self._stage_event(execution, "FAILED")
            return self._finish(execution, "Failed")
        stage = execution.pipeline.stages[execution.stage]
        position = stage.actions.index(run.action)
        if position + 1 < len(stage.actions):
            return self._begin(execution, stage.actions[position + 1])
        self._stage_event(execution, "SUCCEEDED")
        if execution.stage + 1 == len(execution.pipeline.stages):
            return self._finish(execution, "Succeeded")
        execution.waiting = True

    def _finish(self, execution, status):
        execution.status, execution.changed, execution.waiting = status, self.now(), False
        self._pipeline_event(execution, status.upper())

    # --- approvals -------------------------------------------------------------------------------
    def put_approval(self, pipeline, params, caller, body):
        stage = next((s for s in pipeline.stages if s.name == params["stageName"]), None)
        if not stage:
            raise AwsError("StageNotFoundException", f"Stage {params['stageName']} was not found")
        if not any(a.name == params["actionName"] for a in stage.actions):
            raise AwsError("ActionNotFoundException", f"Action {params['actionName']} was not found")
        token, result = params["token"], params["result"]
        put = Put(token, result["status"], result["summary"], caller, False, body)
        self.puts.append(put)
        where = (params["stageName"], params["actionName"])
        asked = [(e, r) for e in self.of(pipeline) for r in e.runs
                 if r.token == token and (r.stage, r.action.name) == where]
        if any(r.status in ("Succeeded", "Failed") for _, r in asked):
            raise AwsError("ApprovalAlreadyCompletedException", "The approval action has already been approved or rejected.")
        if not asked or token not in self.tokens:
            raise AwsError("InvalidApprovalTokenException", "Invalid approval token")
        execution, run = asked[0]
        run.summary, run.updated_by = result["summary"], caller
        ok = result["status"] == "Approved"
        self._end_run(execution, run, "Succeeded" if ok else "Failed",
                      None if ok else {"code": "JobFailed", "message": result["summary"]})
        put.effective = True
        self.tick()
        return self.now()

    # --- events ----------------------------------------------------------------------------------
    def _event(self, execution, kind, detail):
        p = execution.pipeline
        self.emit(p.account, p.region, {
            "version": "0", "id": str(uuid.uuid4()), "detail-type": f"CodePipeline {kind} Execution State Change",
            "source": "aws.codepipeline", "account": p.account, "time": self.now(), "region": p.region,
            "resources": [p.arn],
            "detail": {"pipeline": p.name, "execution-id": execution.id, "version": 1.0, **detail}})

    def _pipeline_event(self, execution, state):
        self._event(execution, "Pipeline", {"state": state, "execution-trigger": {
            "trigger-type": execution.trigger["triggerType"], "trigger-detail": execution.trigger["triggerDetail"]}})

    def _stage_event(self, execution, state):
        self._event(execution, "Stage", {"state": state, "stage": execution.pipeline.stages[execution.stage].name})

    def _action_event(self, execution, run, state):
        self._event(execution, "Action", {
            "state": state, "stage": run.stage, "action": run.action.name, "action-execution-id": run.id,
            "region": execution.pipeline.region, "type": run.action.type_id(), "pipeline-execution-attempt": 1.0})

    def _notify_approval(self, execution, run):
        topic = run.action.configuration.get("NotificationArn")
        if not topic:
            return
        p = execution.pipeline
        link = f"https://console.aws.amazon.com/codepipeline/home?region={p.region}#/view/{p.name}"
        self.notify(topic, f"APPROVAL NEEDED: AWS CodePipeline {p.name} for action {run.action.name}", {
            "region": p.region, "consoleLink": link, "approval": {
                "pipelineName": p.name, "stageName": run.stage, "actionName": run.action.name, "token": run.token,
                "expires": run.started + run.action.timeout,
                "externalEntityLink": run.action.configuration.get("ExternalEntityLink"),
                "approvalReviewLink": f"{link}/{run.stage}/{run.action.name}/approve/{run.token}",
                "customData": run.action.configuration.get("CustomData")}})


def _check_revisions(pipeline, revisions):
    sources = {a.name: a for s in pipeline.stages for a in s.actions if a.category == "Source"}
    for revision in revisions:
        action = sources.get(revision["actionName"])
        if not action:
            raise AwsError("ValidationException", f"{pipeline.name} has no source action {revision['actionName']}")
        if revision["revisionType"] not in REVISION_TYPES.get(action.provider, {"COMMIT_ID"}):
            raise AwsError("ValidationException", f"{action.name} takes no revision of the type "
                           f"{revision['revisionType']}")
