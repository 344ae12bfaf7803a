"""A plan's tasks as a clerk would check them."""

from __future__ import annotations

from time import perf_counter

from workplan.assemble import assemble


def rows(tasks) -> list[tuple[str, str]]:
    return [(task.kind, task.phrase) for task in tasks]


def named(task) -> list[tuple[str, str]]:
    return [(actor.text, actor.role) for actor in task.orgs]


def test_one_task_a_clause_with_offsets_into_the_plan(make_plan) -> None:
    plan, sentences, spans = make_plan("# 一、学前教育\n{A|新建}{M|幼儿园}{Q|6所}，{A|改善}条件。")
    first, second = assemble(plan, sentences, spans)
    assert plan.text[first.start : first.end] == "新建幼儿园6所"
    assert plan.text[first.action_start : first.action_end] == first.action == "新建"
    assert plan.text[second.start : second.end] == "改善条件"
    assert first.object == "幼儿园6所"
    assert first.section == ("一、学前教育",)
    assert first.id != second.id
    assert first.confidence == 0.9


def test_the_same_text_gives_the_same_ids(tasks_of) -> None:
    lines = "{A|新建}{M|幼儿园}{Q|6所}，{A|清理}、{A|规范}收费。"
    assert [task.id for task in tasks_of(lines)] == [task.id for task in tasks_of(lines)]
    assert len({task.id for task in tasks_of(lines)}) == 3


def test_records_go_to_the_clause_that_governs_them(tasks_of) -> None:
    tasks = tasks_of("{A|新建}{M|校舍}{Q|6所}，{M|达标率}{Q|95%以上}；{A|培训}{M|教师}{Q|300名}。")
    assert [[target.quantity for target in task.targets] for task in tasks] == [
        ["6所", "95%以上"],
        ["300名"],
    ]


def test_a_record_without_a_verb_keeps_a_row(tasks_of) -> None:
    (task,) = tasks_of("{M|适龄儿童入园率}为{Q|92%}。")
    assert (task.action, task.object) == ("", "")
    assert task.phrase == "适龄儿童入园率为92%"
    assert "原句没有任务动词，请补任务" in task.needs_review


def test_remark_at_the_end_of_a_paragraph_answers_for_all_of_it(tasks_of) -> None:
    tasks = tasks_of(
        """
        {A|新建}校舍。
        {A|改善}条件。
        （牵头单位：{O|县教育局}；配合单位：{O|县财政局}）

        {A|培训}教师。
        """
    )
    expected = [("县教育局", "lead"), ("县财政局", "joint")]
    assert [named(task) for task in tasks] == [expected, expected, []]


def test_remark_gives_its_deadline(tasks_of) -> None:
    (task,) = tasks_of("{A|新建}校舍。\n（责任单位：县教育局；完成时限：6月底前）")
    assert (task.deadline, task.due.end) == ("6月底前", "2024-06-30")


def test_each_remark_answers_back_to_the_one_before(tasks_of) -> None:
    tasks = tasks_of("{A|新建}校舍（{O|甲局}牵头）。\n{A|改善}条件（{O|乙局}牵头）。")
    assert [named(task) for task in tasks] == [[("甲局", "lead")], [("乙局", "lead")]]


def test_remark_on_a_line_of_its_own_answers_for_its_section(tasks_of) -> None:
    tasks = tasks_of(
        """
        # （一）学前教育
        {A|新建}校舍。

        {A|改善}条件。

        责任单位：{O|县教育局}

        # （二）职业教育
        {A|培训}教师。
        """
    )
    assert [len(task.orgs) for task in tasks] == [1, 1, 0]


def test_headings_hand_down_organisation_and_deadline(tasks_of) -> None:
    tasks = tasks_of(
        """
        # 一、{O|县教育局}
        ## （一）{D|6月底前}完成的工作
        {A|新建}校舍。
        {D|年底前}，{A|改善}条件。
        """
    )
    assert [task.deadline for task in tasks] == ["6月底前", "年底前"]
    assert [task.orgs[0].text for task in tasks] == ["县教育局", "县教育局"]
    assert tasks[0].due.end == "2024-06-30"


def test_lead_in_hands_down_its_deadline(tasks_of) -> None:
    tasks = tasks_of(
        """
        # 一、近期工作
        {D|6月底前}{A|完成}以下工作：
        1.{A|新建}校舍。
        2.{A|改善}条件。
        # 二、长期工作
        {A|培训}教师。
        """
    )
    assert [task.deadline for task in tasks] == ["6月底前", "6月底前", "6月底前", None]


def test_deadline_holds_on_over_a_chain(tasks_of) -> None:
    tasks = tasks_of("到{D|2025年}，{A|新建}校舍；\n{A|改善}条件；\n{A|培训}教师。\n{A|表彰}先进。")
    assert [task.deadline for task in tasks] == ["2025年", "2025年", "2025年", None]


def test_heading_over_tasks_is_a_heading_and_so_is_what_repeats_it(tasks_of) -> None:
    tasks = tasks_of(
        """
        # （七）{A|提升}服务能力。
        {A|提升}服务能力。
        {A|新建}校舍。
        """
    )
    assert [kind for kind, _ in rows(tasks)] == ["heading", "heading", "task"]


def test_heading_without_anything_under_it_is_a_task(tasks_of) -> None:
    tasks = tasks_of("# 1.{A|新建}校舍\n# 2.{A|改善}条件")
    assert [kind for kind, _ in rows(tasks)] == ["task", "task"]


def test_guiding_words_are_background(tasks_of) -> None:
    tasks = tasks_of(
        """
        今年工作的总体要求是：以新理念为指导，{A|深化}改革，{A|提高}质量。

        现将要点{A|印发}给你们，请认真{A|贯彻落实}。

        # 一、指导思想
        {A|坚持}公益方向。
        # 二、重点任务
        {A|坚持}每周{A|巡查}。
        """
    )
    assert [kind for kind, _ in rows(tasks)] == ["background"] * 5 + ["task"] * 2


def test_finished_work_is_a_result(tasks_of) -> None:
    tasks = tasks_of(
        """
        截至去年底，已{A|建成}{M|校舍}{Q|9所}。
        2023年，全县{A|新增}{M|教师}{Q|90名}，{A|改善}条件。
        今年{A|新建}{M|校舍}{Q|6所}。
        # 一、2023年工作回顾
        {A|培训}教师。
        # 二、2024年工作安排
        {A|培训}教师。
        """
    )
    assert [kind for kind, _ in rows(tasks)] == ["result"] * 3 + ["task", "result", "task"]


def test_table_row_is_read_by_its_headers(tasks_of) -> None:
    (task,) = tasks_of(
        "| 序号：1；工作任务：{A|新建}{M|幼儿园}{Q|6所}；牵头单位：县教育局；"
        "配合单位：县财政局、县住建局；责任人：王某；{A|完成}时限：2024年9月底前"
    )
    assert task.phrase == "新建幼儿园6所"
    assert named(task) == [("县教育局", "lead"), ("县财政局", "joint"), ("县住建局", "joint")]
    assert (task.deadline, task.due.end) == ("2024年9月底前", "2024-09-30")
    assert task.targets[0].value == 6


def test_table_row_without_a_verb_is_not_lost(tasks_of) -> None:
    (task,) = tasks_of("| 重点项目：县一中迁建；责任单位：县教育局；完成时限：12月底")
    assert (task.action, task.phrase) == ("", "县一中迁建")
    assert named(task) == [("县教育局", "responsible")]


def test_table_figures_belong_to_the_rows_task(tasks_of) -> None:
    (task,) = tasks_of(
        "| 类别：住房保障；重点任务：{A|拆除}危旧厂房；年度目标：{Q|56幢}，惠及{Q|300户}；"
        "责任单位：县住建局"
    )
    assert task.section == ("住房保障",)
    assert [(target.metric, target.value) for target in task.targets] == [
        ("危旧厂房", 56),
        (None, 300),
    ]
    assert "目标值：指标取自任务列，请核对" in task.needs_review
    start, end = task.targets[0].spans["quantity"]
    assert task.sentence[start:end] == "56幢"


def test_report_goes_on_over_a_semicolon(tasks_of) -> None:
    tasks = tasks_of("去年，{A|新建}{M|校舍}{Q|6所}；\n综合楼{A|交付}使用。\n今年{A|改善}条件。")
    assert [kind for kind, _ in rows(tasks)] == ["result", "result", "task"]


def test_figures_in_guiding_words_are_tasks(tasks_of) -> None:
    tasks = tasks_of("# 一、总体要求\n{A|坚持}公益方向，到{D|年底}{A|新建}{M|校舍}{Q|6所}。")
    assert [kind for kind, _ in rows(tasks)] == ["background", "task"]


def test_a_comparison_with_last_year_is_no_result(tasks_of) -> None:
    tasks = tasks_of(
        "# 4.{A|做强}文旅产业\n{M|旅游收入}突破{Q|30亿元}，同比{A|增长}{Q|8%左右}；\n"
        "{A|新增}{M|民宿}{Q|12家}。"
    )
    assert [kind for kind, _ in rows(tasks)] == ["heading", "task", "task", "task"]
    assert [target.quantity for task in tasks for target in task.targets] == [
        "30亿元",
        "8%左右",
        "12家",
    ]


def test_a_comparison_is_a_result_where_the_sentence_looks_back(tasks_of) -> None:
    tasks = tasks_of(
        """
        截至去年底，{M|旅游收入}同比{A|增长}{Q|8%}。
        {M|民宿}已同比{A|增加}{Q|5家}。
        # 一、工作回顾
        {M|旅游收入}同比{A|增长}{Q|8%}。
        """
    )
    assert [kind for kind, _ in rows(tasks)] == ["result"] * 3


def test_a_date_to_come_in_guiding_words_is_a_task(tasks_of) -> None:
    tasks = tasks_of(
        """
        # 一、总体要求
        {A|坚持}公益方向。
        到{D|2025年底}，{A|新增}{M|学位}{Q|900个}，危旧校舍全部{A|改造}。
        {D|2024年}，{A|深化}改革。
        {D|2021年底前}{A|奠定}基础。
        """
    )
    kinds = ["background", "task", "task", "background", "background"]
    assert [kind for kind, _ in rows(tasks)] == kinds


def test_last_years_figures_at_the_head_are_results(tasks_of) -> None:
    tasks = tasks_of(
        """
        2023年我县落实上级计划和要求，{A|新改建}{M|校舍}{Q|9所}。
        {M|入园率}达到{Q|91%}，{A|培训}{M|教师}{Q|80名}。
        今年{A|新建}{M|校舍}{Q|6所}。

        2023年，{A|清退}{M|校车}{Q|7辆}，力争今年再{A|清退}{M|校车}{Q|5辆}。
        # 一、主要任务
        2000年底前建成的{M|校舍}{A|改造}{Q|4所}。
        """
    )
    kinds = ["result"] * 3 + ["task", "result", "task", "task"]
    assert [kind for kind, _ in rows(tasks)] == kinds


def test_a_heading_of_an_earlier_year_is_over_results(tasks_of) -> None:
    tasks = tasks_of(
        """
        # 第一部分 2023年主要工作
        ## 一、校舍建设
        {A|新建}{M|校舍}{Q|9所}。
        # 第二部分 2024年主要工作
        {A|新建}{M|校舍}{Q|6所}。
        # 第三部分 2023年工作要点未完事项
        {A|改善}条件。
        """
    )
    assert [kind for kind, _ in rows(tasks)] == ["result", "task", "task"]


def test_deadline_of_another_verb_is_not_the_first_ones(tasks_of) -> None:
    tasks = tasks_of("{A|坚持}“一校一策”，{D|8月底前}{A|完成}剩余{Q|4个}{M|校区}的交付。")
    assert [task.deadline for task in tasks] == [None, "8月底前"]


def test_deadline_inside_what_a_verb_pushes_on(tasks_of) -> None:
    (pushed,) = tasks_of("{A|推动}{O|甲县}境内水库除险工程{D|下半年}开工。")
    assert (pushed.deadline, pushed.due.end) == ("下半年", "2024-12-31")
    tasks = tasks_of("{A|督促}{O|甲乡}{D|6月底前}{A|完成}清理。")
    assert [task.deadline for task in tasks] == ["6月底前", "6月底前"]
    (named,) = tasks_of("{A|推进}{D|去年}开工的校舍项目。")
    assert named.deadline is None


def test_the_age_of_a_thing_is_no_deadline(tasks_of) -> None:
    (task,) = tasks_of("{A|改造}{D|1998年底前}建成的{M|校舍}{Q|4所}。")
    assert (task.deadline, task.targets[0].due) == (None, None)


def test_an_area_answers_for_nothing(tasks_of) -> None:
    tasks = tasks_of(
        """
        {O|全市}{A|新建}{M|校舍}{Q|6所}。

        {O|全区}各校{A|改善}条件（责任单位：{O|全县}、{O|县教育局}）。

        {O|市教育局}{A|培训}{O|全市}教师。
        """
    )
    acting = [[name for name, role in named(task) if role != "object"] for task in tasks]
    assert acting == [[], ["县教育局"], ["市教育局"]]
    assert tasks[0].targets[0].orgs == ()


def test_pivot_names_its_organisation_once_as_object_once_as_agent(tasks_of) -> None:
    outer, inner = tasks_of("{A|推动}{O|甲乡}{A|开展}试点。")
    assert named(outer) == [("甲乡", "object")]
    assert named(inner) == [("甲乡", "responsible")]
    assert outer.phrase == "推动甲乡开展试点"


def test_roles_within_a_sentence(tasks_of) -> None:
    (task,) = tasks_of("由{O|县教育局}牵头，{O|县财政局}配合，{D|6月底前}{A|制定}办法。")
    assert named(task) == [("县教育局", "lead"), ("县财政局", "joint")]
    assert task.orgs[0].canonical == "青河县教育局"


def test_organisation_in_an_object_is_no_agent_of_what_follows(tasks_of) -> None:
    first, second = tasks_of("{A|推进}{O|县医院}新址建设，{A|改善}条件。")
    assert named(first) == [("县医院", "object")]
    assert named(second) == []


def test_doubtful_cells_say_why(tasks_of) -> None:
    (task,) = tasks_of("{D|每年2月底前}，{A|新建}{M|校舍}{Q|x所}，{A|投资}{Q|5亿元}。")[:1]
    assert any(reason.startswith("目标值：") and "x所" in reason for reason in task.needs_review)
    assert "完成时限：“每年2月底前”没有固定日期" in task.needs_review


def test_unknown_organisation_is_told_of_once(tasks_of) -> None:
    tasks = tasks_of("{O|市教育局}{A|新建}校舍。\n{O|市教育局}{A|改善}条件。", issuer=None)
    assert [len(task.needs_review) for task in tasks] == [1, 0]


def test_low_confidence_is_told(make_plan) -> None:
    from workplan.types import Span

    plan, sentences, spans = make_plan("{A|新建}校舍。")
    low = [[Span(span.start, span.end, span.label, 0.31) for span in spans[0]]]
    (task,) = assemble(plan, sentences, low)
    assert task.confidence == 0.31
    assert task.needs_review == ("置信度低（0.310），请对照原文",)


def test_a_sentence_of_many_clauses_takes_no_longer_than_its_length(tasks_of) -> None:
    def seconds(clauses: int) -> float:
        began = perf_counter()
        assert len(tasks_of("{D|6月底前}{A|新建}{M|校舍}{Q|6所}，" * clauses)) == clauses
        return perf_counter() - began

    seconds(100)
    assert seconds(2000) < 60 * max(seconds(200), 0.02)


def test_figures_of_one_list_are_one_row(tasks_of) -> None:
    (task,) = tasks_of("市、县、乡{M|达标率}分别达到{Q|95%}、{Q|90%}、{Q|85%}。")
    assert [target.value for target in task.targets] == [95, 90, 85]
    assert task.phrase == "达标率分别达到95%、90%、85%"


def test_who_only_joins_in_does_not_answer_for_what_follows(tasks_of) -> None:
    tasks = tasks_of(
        "{O|县教育局}负责{A|编制}规划，{O|县发展改革局}{A|配合}，{D|6月底前}{A|报送}{O|县政府}。"
    )
    assert [(a.text, a.role) for a in tasks[-1].orgs if a.role != "object"] == [
        ("县教育局", "responsible")
    ]


def test_joint_body_leaves_room_for_the_headings_lead(tasks_of) -> None:
    tasks = tasks_of(
        """
        # 三、义务教育（牵头单位：{O|基础教育科}）
        会同{O|县财政局}{A|制定}补助办法。
        """
    )
    assert {(a.text, a.role) for a in tasks[-1].orgs} == {
        ("县财政局", "joint"),
        ("基础教育科", "lead"),
    }


def test_platform_in_quotation_marks_is_no_agent(tasks_of) -> None:
    (task,) = tasks_of("“{O|云溪办}”全面覆盖学校，{A|新增}应用。")
    assert [actor.role for actor in task.orgs] == ["object"]


def test_bare_verb_behind_a_pivot_reads_with_its_subject(tasks_of) -> None:
    tasks = tasks_of("{A|推动}体检报告向群众{A|开放}。")
    assert [task.phrase for task in tasks] == [
        "推动体检报告向群众开放",
        "体检报告向群众开放",
    ]
